# The newest LTS line of Node on which the driver of SQLite works (docs/install.md). Another one: `docker build --build-arg NODE=20 .`
ARG NODE=22
FROM node:${NODE}-bookworm-slim AS build
WORKDIR /app
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
# The package, as it is published: `npm pack` builds it, and the image has its files and no others.
RUN npm pack && mkdir /package && tar -xzf portolan-*.tgz -C /package --strip-components=1 && npm prune --omit=dev

FROM node:${NODE}-bookworm-slim
WORKDIR /app
ENV PORTOLAN_HOST=0.0.0.0
COPY --from=build /app/node_modules node_modules
COPY --from=build /package ./
COPY deploy/healthy.sh deploy/
# SQLite's file is in the volume, at the path that the service takes where no other is configured.
RUN mkdir /data && chown node:node /data && ln -s /data data
# A numeric user, so that an orchestrator can see that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=90s CMD ["deploy/healthy.sh"]
CMD ["node", "dist/main.js"]
