# syntax=docker/dockerfile:1
# The API. Build from the root of the repository: docker build -f app/catalog/api.Dockerfile -t catalog-api .

FROM rust:1.95-slim-bookworm AS program
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/source/target \
    cargo build --locked --release --package catalog --bin catalog \
    && cp target/release/catalog /catalog

# The authorities of Amazon RDS, for DB_CA.
FROM node:22-bookworm-slim AS authorities
WORKDIR /source
COPY app/catalog/certificates/package.json app/catalog/certificates/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY app/catalog/certificates/write.js ./
RUN node write.js /rds.pem

FROM debian:bookworm-slim
COPY --from=program /catalog /usr/local/bin/catalog
COPY --from=authorities /rds.pem /etc/catalog/rds.pem
ENV HOST=0.0.0.0 PORT=3000
EXPOSE 3000
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=4s --start-period=20s --retries=3 CMD ["catalog", "check"]
ENTRYPOINT ["catalog"]
CMD ["api"]
