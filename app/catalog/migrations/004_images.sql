-- Images of products. An address has the hash of its image, so that what is behind it never changes and may be kept for
-- ever by browsers and CDNs; an image stays as long as a history may bring it back.
create table images (
    address text        primary key check (address ~ '^/api/images/[0-9a-f]{32}\.(png|jpg|webp)$'),
    bytes   bytea       not null,
    at      timestamptz not null default now()
);
-- Images are compressed already.
alter table images alter column bytes set storage external;

alter table products add column image text constraint products_image references images (address);
