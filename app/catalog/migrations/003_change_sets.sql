-- The changes of one call over many products are a change set, which can be undone as a whole. The key of a call lets a
-- client send it again without doing it twice.

create table change_sets (
    id        bigint      generated always as identity primary key,
    at        timestamptz not null default now(),
    who       text        not null,
    action    text        not null check (action in ('import', 'bulk', 'undo')),
    -- The change set that took this one back.
    undone_by bigint
);

alter table product_history add column change_set bigint;
create index product_history_change_set on product_history (change_set) where change_set is not null;
alter table product_history drop constraint product_history_action_check;
alter table product_history add constraint product_history_action_check
    check (action in ('create', 'update', 'delete', 'import', 'bulk', 'undo'));

create table idempotency_keys (
    who     text        not null,
    key     text        not null check (char_length(key) between 1 and 255),
    -- The hash of the request.
    request bytea       not null,
    -- As it was sent: `json` keeps the order of members.
    answer  json,
    at      timestamptz not null default now(),
    primary key (who, key)
);
create index idempotency_keys_at on idempotency_keys (at);
