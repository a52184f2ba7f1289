import type { Guide } from './guide.ts'

/** Errors of reads: clocks, cursors, slices and exports. */
export const readingGuide = {
  invalid_instant: {
    cause: 'An instant lacks its offset, or is a bare date. It is refused, since it would have to be guessed.',
    remedy: 'Write it as RFC 3339 does, with the offset: 2018-11-22T00:00:00Z.',
    example: { detail: 'effectiveAt must be an instant with an offset, such as 2018-11-22T00:00:00Z.' }
  },
  time_out_of_range: {
    cause: 'The catalogue has no revision that had been published by `asOf`, or `asOf` lies in the future.',
    remedy: 'Ask for an `asOf` from the first revision on until now. `effectiveAt` may lie in the future.',
    example: { detail: 'The first revision was published at 2018-08-02T00:00:00Z, after that instant.' }
  },
  unknown_revision: {
    cause: 'The catalogue has no revision with this number or label.',
    remedy:
      'Look at /v1/catalogues/{id}/revisions. A label is written `label:2.3`; a bare number is a revision number.',
    example: { detail: 'clearswift-exchange-gateway-4.8 has no revision 9: its newest is 2.' }
  },
  unknown_tag: {
    cause: '`since` is neither a seq nor the ETag of an answer about one revision of this catalogue.',
    remedy: 'Give the ETag of the last view or export that was loaded, as it came, or the `Portolan-Seq` of it.',
    example: { detail: 'The ETag of since names no revision of clearswift-exchange-gateway-4.8.' }
  },
  cursor_invalid: {
    cause: 'The cursor was not made by this service, or was cut on its way.',
    remedy: 'Take `page.next` as it is, or begin again without a cursor.',
    example: { detail: 'The cursor was not made by this service: begin again without it.' }
  },
  cursor_mismatch: {
    cause: 'The cursor belongs to a run with other filters. Pages of two queries do not make one list.',
    remedy: 'Take `page.next` as it is, with all of its parameters, or begin again without a cursor.',
    example: { detail: 'The cursor belongs to another query: begin again without it.' }
  },
  epoch_changed: {
    cause:
      'The place in the log is of another store: this one was restored from a backup or made anew, or the place lies beyond its end.',
    remedy: 'Read everything once more: the `Link` header field with rel="start" leads to the beginning.',
    example: {
      detail: 'The log ends at 7: that place belongs to a store that is no longer here. Begin again at 0.',
      extra: { epoch: 'b8255158155c3395', seq: 7 }
    }
  },
  slice_required: {
    cause:
      'The format has no ports, and the catalogue has several slices: one list of all of them would open every port to every value.',
    remedy:
      'Ask for one slice with `slice=`, or narrow the export by `port=` and `transport=`. `slice=all` says that one list is meant.',
    example: {
      detail: 'edl-ip has no ports. Give slice= with one of out-tcp-80, out-tcp-443.',
      extra: { slices: ['out-tcp-80', 'out-tcp-443'] }
    }
  },
  unknown_slice: {
    cause:
      'No revision of the catalogue has had a slice of this name. A slice that is empty now is answered as an empty list.',
    remedy: 'Choose one of the `slices` of the problem; they are named by direction, transport and ports.',
    example: {
      detail:
        'No revision of clearswift-exchange-gateway-4.8 up to 2 has a slice out-tcp-81. It has out-tcp-80, out-tcp-443.',
      extra: { slices: ['out-tcp-80', 'out-tcp-443'] }
    }
  },
  budget_exceeded: {
    cause:
      '`aggregate=budget:N` allows so few entries that more would be opened than `maxExtra`, or than any export opens.',
    remedy: 'Allow more entries or a larger `maxExtra`, ask for one slice, or use a format without such a limit.',
    example: {
      detail:
        'The 30 addresses do not go into 1 entries without one broader than /8 (IPv6: /32), which no export opens.'
    }
  },
  limit_exceeded: {
    cause: 'The export is larger than the device that `limits=` names, or than the format itself takes.',
    remedy: 'Narrow it by `slice=` or filters, or join addresses with `aggregate=`.',
    example: {
      detail:
        'There are 61 rules and an AWS security group takes 60. Narrow the export, or join addresses with aggregate.'
    }
  },
  role_unbound: {
    cause:
      'The site says `unbound: fail`, and its catalogues have roles or variables that no binding of it is about, so an export would lack them.',
    remedy: 'Bind them in the document of the site, to `values: []` where nobody plays a role, or say `unbound: omit`.',
    example: { detail: 'The site leeds binds nothing to role snmp-manager, role syslog-server.' }
  },
  not_timed: {
    cause:
      '`timed=true` asks for rules that begin and end by themselves, and the format has no rules, or its tool no dates.',
    remedy:
      'Leave `timed` out and fetch the export again at `Portolan-Valid-Until`, or use a format that has it, see `/v1/formats`.',
    example: {
      detail: 'plain-ip has no rules that keep dates. These have: nftables, iptables, fortios, panos, cisco-asa.'
    }
  }
} satisfies Readonly<Record<string, Guide>>
