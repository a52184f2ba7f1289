export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

const longestDays = 3660

/**
 * Reads an ISO 8601 duration of days and hours (`P7D`, `PT12H`, `P1DT6H`) into milliseconds. Months and years have no fixed length, and
 * no firewall needs minutes.
 */
export function parseDuration(text: string): { readonly millis: number } | { readonly fault: string } {
  const match = /^P(?:(\d{1,6})D)?(?:T(\d{1,6})H)?$/.exec(text)
  if (!match || (match[1] === undefined && match[2] === undefined))
    return { fault: 'is not a duration of days and hours, such as P7D, PT12H or P1DT6H' }
  const hours = Number(match[1] ?? 0) * 24 + Number(match[2] ?? 0)
  if (hours > longestDays * 24) return { fault: `is longer than ${longestDays} days` }
  return { millis: hours * hourMs }
}

/** Reads an ISO 8601 duration of days, hours and minutes (`PT15M`, `PT1H30M`, `P7D`, `PT0S`) into milliseconds: how often something is done. */
export function parsePeriod(text: string): { readonly millis: number } | { readonly fault: string } {
  const match = /^P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/.exec(text)
  if (!match || match.slice(1).every((part) => part === undefined))
    return { fault: 'is not a duration of days, hours and minutes, such as PT15M, PT12H or P7D' }
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0))
  const millis = days * dayMs + hours * hourMs + minutes * minuteMs + seconds * 1000
  if (millis > longestDays * dayMs) return { fault: `is longer than ${longestDays} days` }
  return { millis }
}
