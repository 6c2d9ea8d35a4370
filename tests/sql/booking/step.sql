-- The whole state machine: every event from every state by every actor. What may be stands here once more, written from product.md; all
-- other cells are refused, each by the name of its step.
begin;
\ir ../setup.sql
select plan(6);

create temp table may (event text, state text, actor text, becomes text);
insert into may
select e, s, a, t from (values
    ('accept', 'requested', 'house association', 'confirmed'), ('decline', 'requested', 'house association', 'declined'), ('lapse', 'expired', 'system', 'expired'),
    ('take_up', 'held', 'guest', 'confirmed'),
    ('cancel', 'held', 'guest', 'cancelled_guest'), ('cancel', 'requested', 'guest', 'cancelled_guest'), ('cancel', 'confirmed', 'guest', 'cancelled_guest'),
    ('drop', 'confirmed', 'association', 'cancelled_owner'),
    ('change', 'requested', 'guest house association', 'requested'), ('change', 'confirmed', 'guest house association', 'confirmed'), ('change', 'checked_in', 'guest house association', 'checked_in'),
    ('late', 'requested', 'guest house association', 'requested'), ('late', 'confirmed', 'guest house association', 'confirmed'),
    ('check_in', 'confirmed', 'house association', 'checked_in'), ('no_show', 'confirmed', 'house association', 'no_show'),
    ('check_out', 'checked_in', 'house association', 'checked_out'),
    ('close', 'confirmed', 'system', 'checked_out'), ('close', 'checked_in', 'system', 'checked_out'), ('revive', 'expired', 'system', 'confirmed')
  ) x (e, s, who, t), unnest(string_to_array(who, ' ')) a;
create temp table cell as
select e as event, s as state, a as actor from unnest('{accept,decline,lapse,take_up,cancel,drop,change,late,check_in,no_show,check_out,close,revive,rehouse,nonsense}'::text[]) e,
       unnest('{held,requested,confirmed,checked_in,checked_out,expired,cancelled_guest,cancelled_owner,declined,no_show,rehoused}'::text[]) s, unnest('{guest,house,association,system,nobody}'::text[]) a;
create function pg_temp.try(event text, state text, actor text) returns text language plpgsql as $$
declare
    key text;
begin
    return booking.step(event, state, actor);
exception when sqlstate 'HS409' then
    get stacked diagnostics key = constraint_name;
    return key;
end $$;
create temp table found as select c.*, pg_temp.try(c.event, c.state, c.actor) as answer, m.becomes from cell c left join may m using (event, state, actor);

select is((select count(*)::int from cell), 15 * 11 * 5, 'every cell is tried');
select is((select count(*)::int from found where becomes is not null), (select count(*)::int from may), 'all that may be is among them');
select is_empty('select * from found where becomes is not null and answer is distinct from becomes', 'what may be, becomes what it should');
select is_empty($$select * from found where becomes is null and answer not like 'booking.%'$$, 'all else is refused');
select is_empty($$select * from found where becomes is null and event in ('accept', 'decline', 'take_up', 'cancel', 'change', 'late', 'check_in', 'no_show', 'check_out') and answer <> 'booking.cannot_' || event$$, 'by the name of the step');
select is((select array_agg(distinct state || ' ' || actor order by state || ' ' || actor) from found where event = 'drop' and answer = 'booking.kept'), '{"confirmed house"}', 'a house that would drop a confirmed stay hears why not');

select finish();
rollback;
