// The replaced system's collection and its six indexes, shared by both servers.
const { MongoClient } = require('mongodb');

const FIELDS = ['userId', 'sessionId', 'eventType', 'page'];

// Whether an event has what the replaced system asks for.
const isComplete = (event) => FIELDS.every((field) => typeof event?.[field] === 'string' && event[field] !== '');

const stored = ({ userId, sessionId, eventType, page, metadata }) => ({
  userId, sessionId, eventType, page, metadata: metadata ?? {}, timestamp: new Date(),
});

async function connect(database) {
  const client = await MongoClient.connect(process.env.MONGODB_URI);
  const events = client.db(database).collection('events');
  await events.createIndexes([
    { key: { userId: 1 } },
    { key: { sessionId: 1 } },
    { key: { eventType: 1 } },
    { key: { timestamp: -1 } },
    { key: { sessionId: 1, timestamp: 1 } },
    { key: { sessionId: 1, timestamp: 1, eventType: 1, userId: 1 } },
  ]);
  return { client, events };
}

module.exports = { connect, isComplete, stored };
