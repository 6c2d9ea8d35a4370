-- An empty village and one way in: a link, shown once, that makes the first account of the association's office. What the village
-- is called can be changed there later. base_url is the address people will type; its host is the village's.
\encoding UTF8
begin;
select set_config('visit.village', '1', false) \gset empty_
select translate(encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'base64'), '+/=', '-_') as token \gset
insert into data.village values (1, '沙墙村', 'Shawang', '河南省焦作市修武县七贤镇', 'Qixian, Xiuwu, Jiaozuo, Henan', '0391-000-0100', :'base_url', clock.now());
insert into data.village_host values (regexp_replace(:'base_url', '^[a-z]+://(\[[^]]*\]|[^:/]*).*$', '\1'), 1);
insert into data.invite values (1, sha256(convert_to(:'token', 'UTF8')), 'secretary', null, null, clock.now() + interval '7 days');
commit;
select 'For 7 days, once:  ' || :'base_url' || '/invite/' || :'token';
