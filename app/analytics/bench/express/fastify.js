// The same on Fastify 5, whose compiled schema checks the body.
const fastify = require('fastify');
const { connect, stored } = require('./store');

const text = { type: 'string', minLength: 1 };
const event = {
  type: 'object',
  required: ['userId', 'sessionId', 'eventType', 'page'],
  properties: { userId: text, sessionId: text, eventType: text, page: text, metadata: { type: 'object' } },
};
const schema = {
  body: { anyOf: [event, { type: 'array', items: event, minItems: 1, maxItems: 100 }] },
  headers: { type: 'object', required: ['x-request-id'], properties: { 'x-request-id': text } },
};

async function start() {
  const { client, events } = await connect('bench-fastify');
  const app = fastify();
  app.get('/health', async () => ({ status: 'ok' }));
  app.post('/api/events', { schema }, async (request, reply) => {
    if (Array.isArray(request.body)) await events.insertMany(request.body.map(stored));
    else await events.insertOne(stored(request.body));
    return reply.code(201).send();
  });
  await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1', backlog: 4096 });
  process.on('SIGTERM', () => {
    app.server.closeAllConnections();
    app.close().then(() => client.close()).then(() => process.exit(0));
  });
}

start().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
