// An event a call, or a list of them, inserted before the answer: Express 4 as the replaced system uses it.
const express = require('express');
const { connect, isComplete, stored } = require('./store');

async function start() {
  const { client, events } = await connect('bench-express');
  const app = express();
  app.use(express.json());
  app.get('/health', (req, res) => res.json({ status: 'ok' }));
  app.post('/api/events', async (req, res) => {
    if (!req.headers['x-request-id']) return res.status(400).json({ message: 'x-request-id is missing' });
    const list = Array.isArray(req.body) ? req.body : [req.body];
    if (!list.every(isComplete)) return res.status(400).json({ message: 'a field is missing' });
    try {
      if (list.length === 1) await events.insertOne(stored(list[0]));
      else await events.insertMany(list.map(stored));
      return res.status(201).end();
    } catch (error) {
      return res.status(500).json({ message: error.message });
    }
  });
  const server = app.listen(process.env.PORT, '127.0.0.1', 4096);
  process.on('SIGTERM', () => {
    server.closeAllConnections();
    server.close(() => client.close().then(() => process.exit(0)));
  });
}

start().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
