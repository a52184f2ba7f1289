// What scripts add to a page that is whole without them: buttons that copy a value, and local times.
const words = { copy: 'Copy', done: 'Copied' }

function addCopyButtons(root) {
  for (const value of root.querySelectorAll('.value, .programs code')) {
    if (value.nextElementSibling?.className === 'copy') continue
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'copy'
    button.textContent = words.copy
    button.setAttribute('aria-label', `${words.copy} ${value.textContent}`)
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(value.textContent)
      button.textContent = words.done
      setTimeout(() => {
        button.textContent = words.copy
      }, 2000)
    })
    value.after(button)
  }
}

/** A button that copies another element is hidden where no script runs. */
function showCopies(root) {
  for (const button of root.querySelectorAll('button[data-copies]')) {
    button.hidden = false
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).value)
      button.textContent = words.done
    })
  }
}

/** The local time, and how many days it is until then, where somebody rests on a time. */
function addLocalTimes(root) {
  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
  for (const time of root.querySelectorAll('time[datetime]')) {
    const at = new Date(time.dateTime)
    if (Number.isNaN(at.getTime())) continue
    const days = Math.round((at - Date.now()) / 86_400_000)
    time.title = `${at.toLocaleString()} here, ${relative.format(days, 'day')}`
  }
}

function enhance(root) {
  if (navigator.clipboard) {
    addCopyButtons(root)
    showCopies(root)
  }
  addLocalTimes(root)
}

enhance(document)
// htmx has put a new part into the page.
document.addEventListener('htmx:load', ({ target }) => enhance(target))
// A page to be printed has nothing folded.
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('main details:not(.filters)')) details.open = true
})
