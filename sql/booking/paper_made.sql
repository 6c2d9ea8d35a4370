-- A paper asked for by this booking: null bytes while it is not made; trouble when it could not be. Manage link only; papers go after 30 days (404).
create or replace function booking.paper_made(code sure.text, secret sure.bytea, paper sure.bigint) returns table (ready sure.boolean, trouble sure.boolean, bytes bytea)
language plpgsql stable rows 1 security definer set search_path = data, pg_temp as $$
#variable_conflict use_column
declare
    f record := booking.find(paper_made.code, paper_made.secret);
    p paper;
begin
    select x.* into p from paper x join stay s on s.village = x.village and s.stay = x.subject
     where x.village = (f.it).village and x.paper = paper_made.paper and s.booking = (f.it).booking and f.may = 'manage';
    if p.paper is null then
        perform base.refuse('booking.no_paper', 404);
    end if;
    return query select (p.made is not null)::sure.boolean,
                        exists (select from job j where j.village = p.village and j.kind = 'paper.make' and j.detail = jsonb_build_object('paper', p.paper) and j.due = 'infinity')::sure.boolean, p.bytes;
end $$;
