import Fastify from 'fastify'
import pg from 'pg'

/**
 * What our answers stand beside: Fastify with one row by its primary key, of the same database under the same row security.
 * Without a DATABASE_URL it answers a greeting, which is what a start stands beside.
 */
const url = process.env.DATABASE_URL
const app = Fastify({ logger: false })
if (url) {
  const pool = new pg.Pool({ connectionString: url, max: 10, options: '-c house.hospital=1' })
  const text = 'select id, name, sex, birth_on::text as birth_on, medical_record_number from patients.patients where id = $1'
  app.get<{ Params: { id: string } }>('/:id', async ({ params }) => (await pool.query({ name: 'one', text, values: [params.id] })).rows[0])
} else app.get('/', async () => ({ hello: 'world' }))
console.log(await app.listen({ port: 0, host: '127.0.0.1' }))
