// Keeps the page up to date: the server sends the markup of changed parts, already escaped.

const LIVE_MS = 4_000
const root = document.documentElement
let liveUntil = 0

const source = new EventSource('/events')
source.addEventListener('panels', (message) => {
  root.removeAttribute('data-lost')
  for (const [id, markup] of Object.entries(JSON.parse(message.data))) replacePanel(id, markup)
})
source.addEventListener('moved', () => showLive())
source.addEventListener('open', () => root.removeAttribute('data-lost'))
source.addEventListener('error', () => root.setAttribute('data-lost', ''))

/** Replaces a panel, keeping what the reader has opened, scrolled to and focused. */
function replacePanel(id, markup) {
  const panel = document.getElementById(id)
  if (panel === null) return
  const open = new Map([...panel.querySelectorAll('details')].map((d) => [d.dataset.key, d.open]))
  const scrolled = new Map(scrollers(panel).map((pre) => [keyOf(pre), pre.scrollTop]))
  const focused = panel.contains(document.activeElement) ? keyOf(document.activeElement) : undefined
  const said = panel.querySelector('output')?.textContent
  panel.innerHTML = markup
  if (open.size > 0)
    for (const d of panel.querySelectorAll('details')) d.open = open.get(d.dataset.key) ?? false
  for (const pre of scrollers(panel)) pre.scrollTop = scrolled.get(keyOf(pre)) ?? 0
  const output = panel.querySelector('output')
  if (output !== null) output.textContent = said ?? ''
  if (focused === undefined) return
  for (const candidate of panel.querySelectorAll('summary, pre, button')) {
    if (keyOf(candidate) === focused) candidate.focus({ preventScroll: true })
  }
}

const scrollers = (panel) => [...panel.querySelectorAll('details[open] pre')]

/** Identifies an element by its entry and its index there. */
function keyOf(element) {
  if (element.id !== '') return element.id
  const entry = element.closest('details')
  if (entry === null) return undefined
  return `${entry.dataset.key} ${[...entry.querySelectorAll('summary, pre')].indexOf(element)}`
}

/** Animates the lines for a moment after something has arrived. */
function showLive() {
  liveUntil = Date.now() + LIVE_MS
  root.setAttribute('data-live', '')
  setTimeout(() => Date.now() >= liveUntil && root.removeAttribute('data-live'), LIVE_MS + 50)
}

const form = document.getElementById('feed-form')

const post = (path, body) =>
  fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })

async function send(body) {
  const response = await post('/feed', body)
  const { messages, problem } = await response.json()
  return response.ok ? `Sent: ${messages} message.` : problem
}

/** A detection that has not been sent before. */
const newRecord = () => ({
  category: 'ServicePrincipalRiskEvents',
  properties: {
    id: crypto.randomUUID().replaceAll('-', '').repeat(2),
    servicePrincipalId: crypto.randomUUID(),
    servicePrincipalDisplayName: `sent-at-${new Date().toISOString().slice(11, 19)}`,
    riskEventType: 'leakedCredentials',
    riskLevel: 'high',
    riskState: 'atRisk',
    detectedDateTime: new Date().toISOString(),
    lastUpdatedDateTime: new Date().toISOString(),
  },
})

/** Shows an outcome in an element that may have been replaced meanwhile. */
function tell(id, outcome) {
  const show = (text) => {
    document.getElementById(id).textContent = text
  }
  outcome.then(show, () => show('No answer. Is the stack still running?'))
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  tell('feed-answer', send(new FormData(form).get('body')))
})

async function switchSink({ sink, behaviour }) {
  const response = await post(`/sinks/${sink}`, JSON.stringify({ behaviour }))
  return response.ok ? '' : (await response.json()).problem
}

document.getElementById('switches').addEventListener('click', ({ target }) => {
  if (!(target instanceof HTMLButtonElement)) return
  const isSwitch = target.dataset.sink !== undefined
  tell('switch-answer', isSwitch ? switchSink(target.dataset) : send(JSON.stringify(newRecord())))
})

function say(button, word) {
  button.textContent = word
  setTimeout(() => {
    button.textContent = 'Copy'
  }, 1_500)
}

for (const button of document.querySelectorAll('button.copy')) {
  button.hidden = false
  button.addEventListener('click', () => {
    const text = document.getElementById(button.dataset.copy).textContent
    navigator.clipboard.writeText(text).then(
      () => say(button, 'Copied'),
      () => say(button, 'Not allowed'),
    )
  })
}
