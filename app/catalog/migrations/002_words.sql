-- Words are found in any order, without regard to case, accents and normal forms; names are in the order of a dictionary.
-- Both come from ICU and not from the system's locale, so that they are the same on every server.

create collation catalog_order (provider = icu, locale = 'und-u-kn-true');

-- A text as searches compare it. Letters that Unicode does not decompose are named; marks (0300 to 036F), soft hyphens and
-- zero-width characters go.
create function search_form(given text) returns text
    language sql immutable strict parallel safe
    as $$
        select regexp_replace(
            normalize(
                replace(replace(replace(translate(lower(given collate "und-x-icu"), 'øłđħŧı', 'oldhti'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
                nfkd),
            E'[\u0300-\u036F\u00AD\u200B-\u200D\uFEFF]', '', 'g')
    $$;

alter table products add column words text not null
    generated always as (search_form(name || ' ' || sku || ' ' || description)) stored;

create index products_words on products using gin (words gin_trgm_ops);
create index products_name_order on products (name collate catalog_order, id);
