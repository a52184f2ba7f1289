import type { Guide } from './guide.ts'

/** Errors of any request: its form, its parameters, and who sends it. */
export const requestGuide = {
  unknown_parameter: {
    cause:
      'The URL has a parameter that the operation does not know. It is refused, since a filter with a typing error would select everything.',
    remedy: 'Compare the name with the parameters of the operation at /docs. The names are case-sensitive.',
    example: {
      detail: 'statuss is not a parameter of this operation.',
      faults: [{ pointer: '/statuss', code: 'unknown_parameter', detail: 'is not a parameter of this operation' }]
    }
  },
  invalid_parameter: {
    cause: 'A parameter, or a header field that is read like one, has a value that it cannot have.',
    remedy: 'The detail says what the value must be. Values in a URL are percent-encoded: a plus sign is %2B.',
    example: {
      detail: 'direction/0 must be one of inbound, outbound, both.',
      faults: [{ pointer: '/direction/0', code: 'invalid_parameter', detail: 'must be one of inbound, outbound, both' }]
    }
  },
  missing_parameter: {
    cause: 'The operation needs a parameter that the request does not have.',
    remedy: 'Add the parameter that the detail names.',
    example: {
      detail: 'value is required.',
      faults: [{ pointer: '/value', code: 'missing_parameter', detail: 'is required' }]
    }
  },
  malformed_body: {
    cause:
      'The body is not what its media type says: it is not JSON, not UTF-8, names a member twice, or is shorter than announced.',
    remedy: 'Send the body as a JSON library writes it, with its exact length.',
    example: { detail: 'The body is not JSON: a member is named twice.' }
  },
  invalid_body: {
    cause:
      'The body can be read, but members are missing, unknown, or have values that they cannot have. Nothing was done.',
    remedy:
      'Each entry of `errors` points to a place in the body and says what is wrong there. Mend them all, and send it again.',
    example: {
      detail: 'The body has 1 fault; nothing was done.',
      faults: [{ pointer: '/url', code: 'missing_member', detail: 'is required' }]
    }
  },
  body_too_large: {
    cause:
      'The body is larger than the operation takes: 32 MiB for documents as JSON, 2 MiB as YAML, and less elsewhere.',
    remedy: 'Send documents as JSON, and audits in parts.',
    example: { detail: 'The body is larger than this operation takes.' }
  },
  unsupported_media_type: {
    cause: 'The body has a media type that the operation does not read, or is compressed.',
    remedy: 'Send `Content-Type: application/json`, for documents also application/yaml, without a `Content-Encoding`.',
    example: { detail: 'This operation does not take a body of that media type.' }
  },
  not_found: {
    cause: 'There is nothing at this path, or nothing with this id. What a key may not see is not found, either.',
    remedy: 'Compare the path with /docs, and the id with the list that it comes from. Ids are case-sensitive.',
    example: { detail: 'There is no catalogue clearswift-exchange-gateway-4.9.' }
  },
  method_not_allowed: {
    cause: 'There is something at this path, but it does not know the method.',
    remedy: 'The `Allow` header field of the answer lists the methods that it knows.',
    example: { detail: 'This path does not have the method PATCH: it has GET, HEAD.' }
  },
  bad_host: {
    cause: 'The `Host` header field is missing, is there twice, or is not a host with at most a port.',
    remedy: 'Send the host and port of the URL. Behind a proxy, look at what the proxy makes of the field.',
    example: { detail: 'Host must name one host, with or without a port.' }
  },
  misdirected: {
    cause:
      'The service answers for certain hosts only, which its operator names in PORTOLAN_HOSTS, and the request names another.',
    remedy: 'Use the name that the operator gives, or ask for this one to be added.',
    example: { detail: 'This service does not answer for 192.0.2.7.' }
  },
  expectation_failed: {
    cause: 'The `Expect` header field asks for something else than 100-continue.',
    remedy: 'Leave the field away.',
    example: { detail: 'Expect may be 100-continue, and nothing else.' }
  },
  request_timeout: {
    cause: 'The request was begun, and did not come to its end in time.',
    remedy: 'Send it again over a new connection. Where it happens again, something on the way is slow or broken.',
    example: { detail: 'The request was not complete in time.' }
  },
  unauthorized: {
    cause: 'The operation needs a key and there is none, or the key that was sent is unknown, revoked or has expired.',
    remedy:
      'Send `Authorization: Bearer ptl_…`. Reads also take the key as the password of Basic. Ask for a new key where it has ended.',
    example: { detail: 'The key is unknown, expired or revoked.' }
  },
  cross_site: {
    cause: 'A browser sent a write from a page of another origin.',
    remedy: 'Write from a program, or from a page that the service itself serves.',
    example: { detail: 'A page of another site may not write.' }
  },
  insufficient_scope: {
    cause: 'The key is good, but it was not made for this: it lacks a scope, or is narrowed to other catalogues.',
    remedy: 'Use a key with the scope, or the catalogue, that the problem names. Nobody can give more than they have.',
    example: {
      detail: 'The key 3f9a1c0d2b4e lacks the scope catalogue:publish.',
      extra: { scope: 'catalogue:publish' }
    }
  },
  address_not_allowed: {
    cause: 'The key is good, but may be used from certain addresses only, and the request comes from another one.',
    remedy: 'Send the request from there. Behind a proxy, its operator has to name the proxy in PORTOLAN_TRUST_PROXY.',
    example: { detail: 'The key 3f9a1c0d2b4e may not be used from 192.0.2.7.' }
  }
} satisfies Readonly<Record<string, Guide>>
