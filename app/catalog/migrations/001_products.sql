-- Products, and what became of each of them.

create extension if not exists pg_trgm;

create table products (
    id          bigint generated always as identity primary key,
    sku         text        not null check (char_length(sku) between 1 and 64),
    name        text        not null check (char_length(name) between 1 and 255),
    description text        not null default '' check (char_length(description) <= 10000),
    -- Both bounds together keep NaN out, which sorts above every number.
    price       numeric(10, 2) not null check (price >= 0 and price < 100000000),
    stock       integer     not null default 0 check (stock >= 0),
    category    text        check (char_length(category) between 1 and 100),
    status      text        not null default 'active' check (status in ('draft', 'active', 'archived')),
    version     bigint      not null default 1,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    search      text        not null generated always as (lower(name || ' ' || sku || ' ' || description)) stored
);

create unique index products_sku on products (upper(sku));
create index products_name on products (name, id);
create index products_price on products (price, id);
create index products_stock on products (stock, id);
create index products_updated on products (updated_at, id);
create index products_category on products (category, id);
create index products_search on products using gin (search gin_trgm_ops);

-- No foreign key: the history of a product outlives it.
create table product_history (
    product_id bigint      not null,
    version    bigint      not null,
    at         timestamptz not null default now(),
    who        text        not null,
    action     text        not null check (action in ('create', 'update', 'delete', 'import', 'bulk')),
    changes    jsonb       not null,
    primary key (product_id, version)
);
