-- Orders of the shop, and what of them is still to be told to others.

create table orders (
    id       bigint        generated always as identity primary key,
    -- The number that the buyer sees; it tells nothing about other orders.
    number   text          not null unique check (number ~ '^[0-9A-HJKMNP-TV-Z]{10}$'),
    at       timestamptz   not null default now(),
    name     text          not null check (char_length(name) between 1 and 255),
    email    text          not null check (char_length(email) between 3 and 254),
    address  text          not null check (char_length(address) between 1 and 1000),
    total    numeric(14, 2) not null check (total >= 0),
    currency text          not null check (currency ~ '^[A-Z]{3}$')
);
create index orders_at on orders (at, id);

-- No foreign key to the product, which may be deleted: the line keeps what was bought, and for how much.
create table order_lines (
    order_id   bigint         not null references orders (id),
    position   integer        not null,
    product_id bigint         not null,
    sku        text           not null,
    name       text           not null,
    price      numeric(10, 2) not null,
    quantity   integer        not null check (quantity > 0),
    primary key (order_id, position)
);

-- Events that were committed with what they tell of, and are removed when the collector has them.
create table outbox (
    id       uuid        primary key,
    event    json        not null,
    -- The time of the next attempt.
    due      timestamptz not null default now(),
    attempts integer     not null default 0,
    -- The collector's reason for refusing it for good.
    refused  text
);
create index outbox_due on outbox (due) where refused is null;
