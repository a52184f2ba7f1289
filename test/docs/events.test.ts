import { runPage } from './support/run-page.ts'

runPage('docs/events.md', {
  // As the first paragraph of the page says.
  before: `
    at() { echo "@$1" > clock; export FAKETIME_TIMESTAMP_FILE=$PWD/clock; }
    LD_PRELOAD_SERVICE=$(ls /usr/lib/*/faketime/libfaketimeMT.so.1 | head -1)
    stop; rm -r data
    for run in '2018-10-20 09:00:25 2' '2018-11-15 09:00:30 3' '2018-11-23 06:30:22 4'; do
      set -- $run; stop; at "$1 $2"; start npm start
      until [ "$(command curl -s http://127.0.0.1:8080/v1/events | jq '.items | length')" = "$3" ]; do sleep 0.2; done
    done`,
  scripts: [
    [
      `import { EventSource as Source } from 'eventsource'
class EventSource extends Source {
  constructor(path) { super(new URL(path, 'http://127.0.0.1:8080')) }
}`,
      "events.addEventListener('catalogue.transitioned', () => process.exit(0))"
    ]
  ]
})
