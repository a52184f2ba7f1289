import type { Guide } from './guide.ts'

/** Errors that are about the service, and not about what was asked. */
export const serviceGuide = {
  rate_limited: {
    cause:
      'This key, or this address without a key, has used its units: 3000 a minute where the operator sets nothing else.',
    remedy:
      'Wait for the seconds of `Retry-After`. Ask with `If-None-Match`, since a 304 costs nothing, and take long polls or streams.',
    example: {
      detail: 'This costs 10 units, and this key has 3 left of 3000 a minute. Try again in 1 s.',
      extra: { retryAfter: 1 }
    }
  },
  behind: {
    cause:
      'The request asked by `Portolan-Min-Seq` for an answer that knows an event which this process had not seen within a second.',
    remedy:
      'Send the request again, after the seconds of `Retry-After`. Where it goes on, the seq is of another service, or the process is cut off from its store: /health/ready says so.',
    example: { detail: 'This process knows the events up to 41, and not 42 yet. Try again.' }
  },
  busy: {
    cause: 'The service makes as many costly answers, or holds as many open streams, as it can at once.',
    remedy:
      'Send the request again, after the seconds of `Retry-After`. Answers that are ready are given all the same.',
    example: { detail: 'The service makes as many answers as it can at once. Try again.' }
  },
  deadline_exceeded: {
    cause:
      'The answer was not ready within the time that one may take, its time in the queue included. The work was stopped.',
    remedy: 'Ask for less at once: fewer catalogues, a page, a slice. Or try again when the service has less to do.',
    example: { detail: 'The answer was not ready within 20 seconds.' }
  },
  storage_full: {
    cause: 'The disk that holds the store is full. Nothing was written; reads go on.',
    remedy: 'The operator has to make room. Then send the request again.',
    example: { detail: 'The disk that holds the store is full. Nothing was written.' }
  },
  store_damaged: {
    cause: 'Something in the store is not as it was written: a row was edited by hand, or a disk lost it.',
    remedy:
      '`portolan verify` and what uses it say so, and SQLite where it finds its file damaged. Restore a backup that verifies, or ask who edited the store.',
    example: {
      detail:
        'Revision 2 of gateway does not follow its predecessor: its link in the chain of revisions is another one.'
    }
  },
  wrong_schema: {
    cause: 'The tables of the store are those of a newer or an older version of the program.',
    remedy:
      'The operator has to run a program that is as new as the store, or, where the store is older, `portolan migrate`.',
    example: { detail: 'The store has schema 7, and this program needs 9: run portolan migrate first.' }
  },
  wrong_secret_key: {
    cause: 'The secrets in the store were sealed with a key that the service was not started with.',
    remedy:
      'The operator has to give it that key in PORTOLAN_SECRET_KEY, or the file beside the database. A new key goes in front of it.',
    example: {
      detail:
        'The secrets in the store were sealed with the key 3f9a1c0d, which is not among those of PORTOLAN_SECRET_KEY or in the file beside the database. Give the service that key; a new one goes in front of it.'
    }
  },
  not_ready: {
    cause: 'The service is starting or stopping, or cannot reach its store. It answers this, and never an empty list.',
    remedy: 'Send the request again, after the seconds of `Retry-After`. /health/ready says which part is missing.',
    example: { detail: 'The service is starting or stopping.' }
  },
  internal: {
    cause: 'Something happened that nobody expected. It is a fault of the service, not of the request.',
    remedy: 'Tell the operator the `instance` of the problem: the log has the details under that id.',
    example: {
      detail: 'Something unexpected happened. The log of the service has the details, under the id in `instance`.'
    }
  }
} satisfies Readonly<Record<string, Guide>>
