import { type Release, releaseVersion } from '../../domain/history/release.ts'
import { formatInstant } from '../../domain/time/instant.ts'

/** Releases in the shape that Renovate wants of a custom data source. `root`: the URL of the catalogue. */
export function releasesJson(releases: readonly Release[], root: string) {
  return {
    releases: releases.map((release) => {
      const instant = formatInstant(release.at)
      return {
        version: releaseVersion(release),
        releaseTimestamp: instant,
        changelogUrl: changesUrl(release, root),
        sourceUrl: `${root}?asOf=${release.revision.number}&effectiveAt=${instant}`
      }
    }),
    homepage: root
  }
}

/** What a publish or the clock changed. A first revision has nothing before it. */
function changesUrl({ revision: { number }, transition }: Release, root: string): string {
  if (transition !== undefined) {
    const [before, from] = [formatInstant(transition - 1), formatInstant(transition)]
    return `${root}/diff?from=${number}&fromEffectiveAt=${before}&to=${number}&toEffectiveAt=${from}`
  }
  return number === 1 ? `${root}/revisions/1` : `${root}/change-pack?from=${number - 1}&to=${number}&format=html`
}
