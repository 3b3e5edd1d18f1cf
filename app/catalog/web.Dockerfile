# syntax=docker/dockerfile:1
# The server of the front ends: the catalogue's in /srv/web, and the storefront in /srv/shop. Build from the root of the repository: docker build -f app/catalog/web.Dockerfile -t catalog-web .

FROM rust:1.95-slim-bookworm AS program
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/source/target \
    cargo build --locked --release --package catalog --bin catalog \
    && cp target/release/catalog /catalog

FROM node:22-bookworm-slim AS site
WORKDIR /source/app/web
COPY app/web/package.json app/web/package-lock.json ./
COPY app/web/catalog/package.json catalog/
COPY app/web/kit/package.json kit/
COPY app/web/shop/package.json shop/
COPY app/web/tracker/package.json tracker/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY app/web ./
WORKDIR /source/app/web/catalog
RUN npm run build
WORKDIR /source/app/web/shop
RUN npm run build

FROM debian:bookworm-slim
COPY --from=program /catalog /usr/local/bin/catalog
COPY --from=site /source/app/web/catalog/dist /srv/web
COPY --from=site /source/app/web/shop/dist /srv/shop
ENV HOST=0.0.0.0 PORT=3000 WEB_ROOT=/srv/web
EXPOSE 3000
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=4s --start-period=5s --retries=3 CMD ["catalog", "check"]
ENTRYPOINT ["catalog"]
CMD ["web"]
