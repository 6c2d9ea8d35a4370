-- A total in whole parts by weight, largest remainder, whoever stands first where that is equal: parts always add up (product.md).
-- Equal parts where all weights are 0. The total is at most what the weights make, or a house's price, so that bigint holds the product.
create or replace function base.shares(total bigint, weights bigint[]) returns bigint[]
language plpgsql immutable as $$
declare
    sum_  bigint := (select sum(x) from unnest(weights) x);
    parts bigint[];
begin
    if sum_ = 0 then
        weights := array_fill(1::bigint, array[cardinality(weights)]);
        sum_ := cardinality(weights);
    end if;
    select array_agg(s.low + (s.place <= s.spare)::int order by s.nr) into parts
      from (select w.nr, total * w.weight / sum_ as low, row_number() over (order by total * w.weight % sum_ desc, w.nr) as place,
                   total - (sum(total * w.weight / sum_) over ())::bigint as spare
              from unnest(weights) with ordinality w (weight, nr)) s;
    return parts;
end $$;
