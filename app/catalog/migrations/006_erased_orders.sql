-- What an order has of a person can be erased; what was sold, and for how much, stays.

alter table orders add column erased_at timestamptz;
alter table orders alter column name drop not null;
alter table orders alter column email drop not null;
alter table orders alter column address drop not null;
alter table orders add constraint orders_person check (
    num_nonnulls(name, email, address) = case when erased_at is null then 3 else 0 end
);
-- The orders of a person, whose address has capitals or not.
create index orders_email on orders (lower(email)) where email is not null;
