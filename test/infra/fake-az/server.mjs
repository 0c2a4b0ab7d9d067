// Answers the stand-ins for the Azure CLI of one test process, in a thread of it: the test itself waits for its script.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { workerData } from 'node:worker_threads'
import { tenant } from './tenant.mjs'
import { workspace } from './workspace.mjs'

const kinds = { tenant, workspace }
class Refusal extends Error {}

/** One call: keeps its world in a file, and logs what was asked. */
function answer([kind, worldFile, logFile, ...args]) {
  appendFileSync(logFile, `${args.join(' ')}\n`)
  const world = JSON.parse(readFileSync(worldFile, 'utf8'))
  let stdout = ''
  try {
    kinds[kind](args, {
      world,
      keep: () => writeFileSync(worldFile, JSON.stringify(world)),
      print: (line) => {
        stdout += `${line}\n`
      },
      refuse: (message) => {
        throw new Refusal(message)
      },
    })
    return [0, stdout, '']
  } catch (error) {
    return [1, stdout, error instanceof Refusal ? `ERROR: ${error.message}\n` : error.stack]
  }
}

const server = createServer((socket) => {
  let asked = ''
  socket.setEncoding('utf8').on('data', (text) => {
    asked += text
    const [count, ...fields] = asked.split('\0')
    if (fields.length <= Number(count) + 3) return
    socket.end(`${answer(fields.slice(0, -1)).join('\0')}\0`)
  })
})
server.listen(0, '127.0.0.1', () => {
  Atomics.store(workerData.port, 0, server.address().port)
  Atomics.notify(workerData.port, 0)
})
