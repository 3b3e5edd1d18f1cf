// The six endpoints on Express and pg, written the plain way: one file, the default pool of ten, one query per call.
// It is what the catalogue is measured against, and nothing else.
const express = require('express');
const { Pool } = require('pg');

const pool = new Pool({
  host: process.env.DB_HOST,
  port: process.env.DB_PORT,
  database: process.env.DB_NAME,
  user: process.env.DB_USER,
  password: process.env.DB_PASSWORD,
});
const app = express();
app.use(express.json());

const COLUMNS = 'id, name, description, price, stock, created_at';
const failed = (res, error) => res.status(500).json({ success: false, error: error.message });
const missing = (res) => res.status(404).json({ success: false, error: 'Product not found' });

app.get('/health', (req, res) => res.json({ status: 'healthy', service: 'products-api' }));

app.get('/api/products', async (req, res) => {
  try {
    const { rows } = await pool.query(`SELECT ${COLUMNS} FROM plain_products ORDER BY id`);
    res.json({ success: true, data: rows });
  } catch (error) {
    failed(res, error);
  }
});

app.get('/api/products/:id', async (req, res) => {
  try {
    const { rows } = await pool.query(`SELECT ${COLUMNS} FROM plain_products WHERE id = $1`, [req.params.id]);
    if (rows.length === 0) return missing(res);
    res.json({ success: true, data: rows[0] });
  } catch (error) {
    failed(res, error);
  }
});

app.post('/api/products', async (req, res) => {
  const { name, description, price, stock } = req.body;
  if (!name || !price) return res.status(400).json({ success: false, error: 'Name and price are required' });
  try {
    const { rows } = await pool.query(
      `INSERT INTO plain_products (name, description, price, stock) VALUES ($1, $2, $3, $4) RETURNING ${COLUMNS}`,
      [name, description, price, stock || 0],
    );
    res.status(201).json({ success: true, data: rows[0] });
  } catch (error) {
    failed(res, error);
  }
});

app.put('/api/products/:id', async (req, res) => {
  const { name, description, price, stock } = req.body;
  try {
    const { rows } = await pool.query(
      `UPDATE plain_products SET name = $1, description = $2, price = $3, stock = $4 WHERE id = $5 RETURNING ${COLUMNS}`,
      [name, description, price, stock, req.params.id],
    );
    if (rows.length === 0) return missing(res);
    res.json({ success: true, data: rows[0] });
  } catch (error) {
    failed(res, error);
  }
});

app.delete('/api/products/:id', async (req, res) => {
  try {
    const { rowCount } = await pool.query('DELETE FROM plain_products WHERE id = $1', [req.params.id]);
    if (rowCount === 0) return missing(res);
    res.json({ success: true, message: 'Product deleted successfully' });
  } catch (error) {
    failed(res, error);
  }
});

async function start() {
  await pool.query(`CREATE TABLE IF NOT EXISTS plain_products (
    id serial PRIMARY KEY, name varchar(255) NOT NULL, description text, price decimal(10,2) NOT NULL,
    stock int DEFAULT 0, created_at timestamp DEFAULT now())`);
  await pool.query(`INSERT INTO plain_products (name, description, price, stock)
    SELECT name, description, price, stock FROM products
    WHERE NOT EXISTS (SELECT FROM plain_products) ORDER BY id`);
  const server = app.listen(process.env.PORT, '127.0.0.1');
  process.on('SIGTERM', () => {
    server.closeAllConnections();
    server.close(() => process.exit(0));
  });
}

start().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
