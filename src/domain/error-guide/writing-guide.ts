import type { Guide } from './guide.ts'

/** Errors of writes: documents, subscriptions and keys. */
export const writingGuide = {
  precondition_required: {
    cause:
      'A publish has to say what it is about to replace, so that nobody overwrites a revision that they have not seen.',
    remedy:
      'Send `If-Match` with the ETag of the document that yours is made from, or `If-None-Match: *` for a new catalogue.',
    example: {
      detail:
        'clearswift-exchange-gateway-4.8 exists, at revision 2: change it with If-Match and the ETag of its document.'
    }
  },
  precondition_failed: {
    cause:
      'Somebody else published since the document that yours is made from, or a catalogue that should be new exists already.',
    remedy:
      'Read the document again, bring your change to it, and publish with its ETag. `diff` has what has changed meanwhile.',
    example: {
      detail:
        'clearswift-exchange-gateway-4.8 moved on from revision 1 to 2 meanwhile: look at the difference, and try again with its newest tag.'
    }
  },
  invalid_document: {
    cause: 'The document has faults. All of them are told at once, and nothing was published.',
    remedy:
      'Each entry of `errors` points to a place, with line and column of the text. `portolan validate FILE` says the same beforehand.',
    example: {
      detail: 'The document has 1 fault; nothing was published.',
      faults: [
        {
          pointer: '/requirements/0/endpoints/1/value',
          code: 'invalid_address',
          detail: 'has bits beyond its prefix: write 192.0.2.0/24',
          line: 14,
          column: 16
        }
      ]
    }
  },
  invalid_source: {
    cause:
      'A list or a table that was to be imported is not what it should be, or one of its cells cannot be read. Nothing was published.',
    remedy:
      'Each entry of `errors` names a line and a column, or the cell of a sheet. `portolan import` with `--dry-run` shows which columns are taken for what.',
    example: {
      detail: 'ports.csv has one cell that cannot be read; nothing was written.',
      faults: [
        {
          pointer: '',
          code: 'invalid_cell',
          detail: '"80x" is not a port: write 80, "80, 443", 135-139 or FTP 21',
          line: 14,
          column: 3
        }
      ]
    }
  },
  guard_rail: {
    cause:
      'The document can be read, but it does what mistakes do: it empties or guts a catalogue, or opens far more than before.',
    remedy:
      'Look at `findings`. If it is meant, publish with `override=RULE&reason=TEXT` and a key with `catalogue:override`.',
    example: {
      detail: 'Refused by mass_removal. Where it is meant, override each rule and give a reason.',
      extra: { findings: [{ rule: 'mass_removal', pointer: '', detail: '24 of 30 endpoints vanish.' }] }
    }
  },
  idempotency_key_reused: {
    cause: 'Within a day this key of the service sent another request with the same idempotency key.',
    remedy: 'Give each request a name of its own, such as a UUID, and keep the name for retries of that request only.',
    example: {
      detail:
        'The idempotency key k1 stands for the request that made the subscription sub_01ARZ3NDEKTSV4RRFFQ69G5FAV, and this request is another one. Give it another key.'
    }
  },
  conflict: {
    cause: 'Others wrote the same thing again and again while the request was decided.',
    remedy: 'Send the request again, after the seconds of `Retry-After`. Nothing was written.',
    example: { detail: 'Other changes of the subscription sub_01ARZ3NDEKTSV4RRFFQ69G5FAV were faster. Try again.' }
  },
  egress_refused: {
    cause:
      'The URL of a receiver is not https, names a port that is not allowed, or leads to an address that is not public.',
    remedy:
      'Use a public https receiver, or ask the operator for PORTOLAN_EGRESS_ALLOW, PORTOLAN_EGRESS_PORTS or PORTOLAN_ALLOW_HTTP.',
    example: {
      detail:
        'Nothing may be sent there: 10.0.0.1 is not a public address (private); PORTOLAN_EGRESS_ALLOW can allow it.',
      extra: {
        address: '10.0.0.1',
        reason: 'is not a public address (private); PORTOLAN_EGRESS_ALLOW can allow it'
      }
    }
  },
  wrong_state: {
    cause: 'The subscription or key is in a state in which this is not possible.',
    remedy: 'The detail says what has to come first, such as a ping of the receiver, or a new key.',
    example: { detail: 'The subscription sub_01ARZ3NDEKTSV4RRFFQ69G5FAV was never active: ping its receiver first.' }
  }
} satisfies Readonly<Record<string, Guide>>
