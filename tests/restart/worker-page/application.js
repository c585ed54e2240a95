/* An application that knows of no simulator: fetch, XMLHttpRequest, EventSource and WebSocket, as they are. */
const seen = []
window.seen = seen

window.ask = async (path, init) => {
  try {
    const answer = await fetch(path, init)
    const text = await answer.text()
    return `${answer.status} ${text.length}`
  } catch (error) {
    return String(error)
  }
}

window.post = (path) =>
  new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    request.setRequestHeader('Content-Type', 'application/json')
    request.onload = () => resolve(String(request.status))
    request.onerror = () => resolve(`error ${request.status}`)
    request.ontimeout = () => resolve('timeout')
    request.timeout = 2000
    request.send(JSON.stringify({ item: 'rope', qty: 2 }))
  })

const events = new EventSource('/api/ticks')
events.onopen = () => seen.push('stream open')
events.onerror = () => seen.push(`stream error ${events.readyState}`)
events.onmessage = ({ data }) => data === '1' && seen.push('stream first')

window.dial = () => {
  const socket = new WebSocket(`ws://${location.host}/api/ws`)
  socket.onopen = () => {
    seen.push('socket open')
    socket.send('hello')
  }
  socket.onmessage = ({ data }) => seen.push(`socket ${data}`)
  socket.onerror = () => seen.push('socket error')
  socket.onclose = ({ code, wasClean }) => seen.push(`socket close ${code} ${wasClean}`)
}
window.dial()

for (const type of ['online', 'offline']) {
  addEventListener(type, () => seen.push(`${type} ${navigator.onLine}`))
}
document.addEventListener('visibilitychange', () => seen.push(document.visibilityState))
window.ready = true
