// The supervisor of `make run`, from outside: what it starts comes back when it is killed, what it stops is
// gone. Uses build/run (RUN_BINARY for another) and nothing of the site but /readyz.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const binary = path.resolve(root, process.env.RUN_BINARY ?? 'build/run')
const asRoot = process.getuid() === 0
const slow = process.env.SITE_BINARY ? 4 : 1 // a checked build takes its time

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

// The middle of a line of /proc/<pid>/stat: name, state, parent.
function look(pid) {
  try {
    const line = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, parent] = line.slice(line.lastIndexOf(')') + 2).split(' ')
    return { pid, name: line.slice(line.indexOf('(') + 1, line.lastIndexOf(')')), state, parent: Number(parent) }
  } catch {
    return null
  }
}

function family(pid) {
  const all = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => look(Number(name))).filter(Boolean)
  const found = []
  const add = (parent) => {
    for (const one of all.filter((each) => each.parent === parent)) {
      found.push(one)
      add(one.pid)
    }
  }
  add(pid)
  return found
}

const lives = (pid) => {
  const one = look(pid)
  return one !== null && one.state !== 'Z' && one.state !== 'X'
}

async function until(what, ms, condition) {
  const end = Date.now() + ms
  for (;;) {
    const value = await condition()
    if (value) return value
    if (Date.now() > end) assert.fail(`not within ${ms} ms: ${what}`)
    await pause(50)
  }
}

class House {
  constructor(folder, settings) {
    this.folder = folder
    this.settings = settings
  }

  static async make(settings = {}) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'supervisor-test-'))
    fs.chmodSync(folder, 0o755)
    const port = await freePort()
    const metrics = await freePort()
    return new House(folder, { VAR: path.join(folder, 'var'), PORT: `${port}`, METRICS_PORT: `${metrics}`, ...settings })
  }

  get url() {
    return `http://127.0.0.1:${this.settings.PORT}`
  }

  run(extra = {}) {
    const child = spawn(binary, [], { env: { ...process.env, ...this.settings, ...extra }, cwd: '/' })
    child.said = ''
    child.stdout.on('data', (bytes) => (child.said += bytes))
    child.stderr.on('data', (bytes) => (child.said += bytes))
    child.ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }))
    return child
  }

  async start() {
    this.child = this.run()
    this.ended = false
    this.child.ended.then(() => (this.ended = true))
    await until('the site is open', 120_000, () => {
      assert.ok(!this.ended, `it ended by itself:\n${this.child.said}`)
      return this.child.said.includes('The village is open at')
    })
  }

  children(name) {
    return family(this.child.pid).filter((one) => one.parent === this.child.pid && one.name === name)
  }

  async ready() {
    try {
      return (await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2000) })).status === 200
    } catch {
      return false
    }
  }

  // Every process of this house ends within the time.
  async gone(processes, ms) {
    await until('every process is gone', ms, () => processes.every((one) => !lives(one.pid)))
  }

  async end() {
    if (this.child && !this.ended) {
      this.child.kill('SIGTERM')
      await this.child.ended
    }
    const far = path.join(this.settings.VAR, 'postgres')
    try {
      const real = fs.realpathSync(far)
      if (real !== far && real.startsWith('/var/lib/shawang/')) fs.rmSync(path.dirname(real), { recursive: true })
    } catch {
      // It never came to a cluster.
    }
    fs.rmSync(this.folder, { recursive: true, force: true })
  }
}

describe('a house that runs', () => {
  let house

  before(async () => {
    house = await House.make({ TILES: 'https://{s}.tiles.test/map/{z}/{x}/{y}.png', TILES_BY: 'Somebody' })
    await house.start()
  })
  after(() => house.end())

  const site = () => family(house.child.pid).filter((one) => one.name === 'kore' || one.name === 'site')

  test('it is ready when it says so', async () => {
    assert.ok(await house.ready())
  })

  test('pictures of the map may come from its tile server, and from nowhere else', async () => {
    const answer = await fetch(`${house.url}/api/v1/map`), { tiles, tiles_by: by } = await answer.json()
    assert.deepEqual([tiles, by], ['https://{s}.tiles.test/map/{z}/{x}/{y}.png', 'Somebody'])
    assert.match(answer.headers.get('content-security-policy'), /; img-src 'self' https:\/\/\*\.tiles\.test$/)
  })

  test('nobody else can come to the socket or the secret', () => {
    const line = fs.readFileSync(path.join(house.settings.VAR, 'environment'), 'utf8')
    const socket = /host=(\S+)/.exec(line)[1]
    assert.equal(fs.statSync(socket).mode & 0o777, 0o700)
    assert.equal(fs.statSync(path.join(house.settings.VAR, 'secret/pepper')).mode & 0o777, 0o600)
    assert.equal(fs.statSync(path.join(house.settings.VAR, 'secret/pepper')).size, 32)
    if (asRoot) for (const one of house.children('postgres')) assert.notEqual(fs.statSync(`/proc/${one.pid}`).uid, 0)
  })

  test('a second one on the same VAR is refused and harms nothing', async () => {
    const second = house.run({ PORT: `${await freePort()}` })
    const { code } = await second.ended
    assert.equal(code, 1)
    assert.match(second.said, /already runs on VAR=/)
    assert.ok(await house.ready())
  })

  test('a second one on the same port is refused', async () => {
    const other = await House.make({ PORT: house.settings.PORT })
    const second = other.run()
    const { code } = await second.ended
    assert.equal(code, 1)
    assert.match(second.said, /Port \d+ is taken/)
    await other.end()
  })

  test('kill -9 of the database: it comes back, the site stays up', async () => {
    const [database] = house.children('postgres')
    const before = site().map((one) => one.pid).sort()
    process.kill(database.pid, 'SIGKILL')
    await until('a new database', 30_000, () => house.children('postgres').some((one) => one.pid !== database.pid))
    await until('ready again', 30_000, () => house.ready())
    assert.deepEqual(site().map((one) => one.pid).sort(), before)
  })

  test('kill -9 of the site: it comes back', async () => {
    const [parent] = site().filter((one) => one.parent === house.child.pid)
    const old = site()
    process.kill(parent.pid, 'SIGKILL')
    await house.gone(old, 5000)
    await until('ready again', 30_000 * slow, () => house.ready())
  })

  test('kill -9 of the jobs program: it comes back', async () => {
    const [jobs] = house.children('jobs')
    process.kill(jobs.pid, 'SIGKILL')
    await until('new jobs', 10_000, () => house.children('jobs').some((one) => one.pid !== jobs.pid))
  })

  test('a site that lives but does not answer is replaced', async () => {
    const old = site()
    for (const one of old) process.kill(one.pid, 'SIGSTOP')
    await house.gone(old, 60_000)
    await until('ready again', 30_000 * slow, () => house.ready())
  })

  test('kill -9 of the supervisor: nothing is left, and the next start is under 5 s', async () => {
    const old = family(house.child.pid)
    assert.ok(old.length > 4)
    house.child.kill('SIGKILL')
    await house.child.ended
    await house.gone(old, 30_000)
    const begun = Date.now()
    await house.start()
    const took = Date.now() - begun
    assert.ok(took < 5000 * slow, `it took ${took} ms`)
  })

  test('SIGINT: it ends with 0, nothing is left, and what it held is kept', async () => {
    const old = family(house.child.pid)
    house.child.kill('SIGINT')
    const { code } = await house.child.ended
    assert.equal(code, 0, house.child.said)
    assert.deepEqual(old.filter((one) => lives(one.pid)), [])
    assert.match(house.child.said, /Stopped\./)
    assert.ok(!fs.existsSync(path.join(house.settings.VAR, 'postgres/postmaster.pid')))
  })
})

test('the demo is not shown to the world', async () => {
  const house = await House.make({ BIND: '0.0.0.0' })
  const child = house.run()
  const { code } = await child.ended
  assert.equal(code, 1)
  assert.match(child.said, /DEMO=0/)
  await house.end()
})

test('wrong settings are refused in a sentence', async () => {
  const house = await House.make()
  for (const wrong of [{ PORT: '99999' }, { WORKERS: 'two' }, { DEMO: 'yes' }, { BIND: 'nowhere .' }, { TILES: 'http://plain.test/{z}/{x}/{y}' }, { TILES: "https://a.test/{z}'; script-src *" }]) {
    const child = house.run(wrong)
    const { code } = await child.ended
    assert.equal(code, 1)
    assert.match(child.said, new RegExp(Object.keys(wrong)[0]))
  }
  await house.end()
})

test('Ctrl-C in the middle of the first start leaves nothing', async () => {
  const house = await House.make()
  const child = house.run()
  await until('it makes the cluster', 10_000, () => child.said.includes('Making a database cluster'))
  await pause(300)
  const old = family(child.pid)
  child.kill('SIGINT')
  const { code } = await child.ended
  assert.equal(code, 0, child.said)
  await house.gone(old, 2000)
  await house.start()
  await house.end()
})

// Only root has another user to serve as.
if (asRoot) {
  test('a VAR that the serving user cannot come to: the data lies under /var/lib', async () => {
    const house = await House.make()
    fs.chmodSync(house.folder, 0o700)
    await house.start()
    const real = fs.realpathSync(path.join(house.settings.VAR, 'postgres'))
    assert.match(real, /^\/var\/lib\/shawang\//)
    assert.ok(await house.ready())
    await house.end()
  })
}
