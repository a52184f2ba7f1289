<#
.SYNOPSIS
Keeps a list of Portolan in a file, brings it into Windows Firewall, and reports what changed between two revisions.

.DESCRIPTION
Runs in Windows PowerShell 5.1 and in PowerShell 7, without a module to install.

Get-Portolan.ps1 -Url URL -Catalogue ID -Slice out-tcp-443 -Path list.txt
    Fetches the addresses of a slice. The ETag stays in list.txt.etag: while nothing has changed, nothing is sent.
Get-Portolan.ps1 -Url URL -Catalogue ID -Slice out-tcp-443 -Path list.txt -FirewallRule Portolan-443
    Does that, and lets these addresses out, and no others by this rule. -WhatIf shows what it would do.
Get-Portolan.ps1 -Url URL -Catalogue ID -From 1 -To 2
    Writes an object for each difference between two revisions.

.PARAMETER Key
A key with the scope catalogue:read, where the service needs one. The default is the variable PORTOLAN_KEY.
#>
[CmdletBinding(SupportsShouldProcess = $true, DefaultParameterSetName = 'List')]
param(
  [Parameter(Mandatory = $true)] [string] $Url,
  [Parameter(Mandatory = $true)] [string] $Catalogue,
  [Parameter(Mandatory = $true, ParameterSetName = 'List')] [ValidatePattern('^(out|both)-(tcp|udp)-\d+([-_]\d+)*$')] [string] $Slice,
  [Parameter(Mandatory = $true, ParameterSetName = 'List')] [string] $Path,
  [Parameter(ParameterSetName = 'List')] [string] $FirewallRule,
  [Parameter(Mandatory = $true, ParameterSetName = 'Report')] [string] $From,
  [Parameter(Mandatory = $true, ParameterSetName = 'Report')] [string] $To,
  [string] $Key = $env:PORTOLAN_KEY
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
# Windows PowerShell 5.1 does not offer TLS 1.2 by itself, and draws a bar that takes longer than the download.
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
$ProgressPreference = 'SilentlyContinue'

# Asks for a path below the catalogue. Returns the status, the ETag and the text; 304 is an answer, all else that is not 200 throws.
function Get-Answer([string] $Address, [string] $ETag) {
  $headers = @{}
  if ($Key) { $headers['Authorization'] = "Bearer $Key" }
  if ($ETag) { $headers['If-None-Match'] = $ETag }
  try {
    $answer = Invoke-WebRequest -Uri $Address -Headers $headers -UseBasicParsing -MaximumRedirection 0 -TimeoutSec 60
  } catch {
    # Both editions throw where the answer is 304, each with an exception of its own, which has a response.
    $response = $_.Exception.PSObject.Properties['Response']
    if ($response -and $response.Value -and [int] $response.Value.StatusCode -eq 304) {
      return [pscustomobject] @{ Status = 304; ETag = $ETag; Text = '' }
    }
    throw
  }
  # The bytes: 5.1 would read a text without a charset as ISO 8859-1. A header field is a text in 5.1 and a list of texts in 7.
  $text = [Text.Encoding]::UTF8.GetString($answer.RawContentStream.ToArray())
  [pscustomobject] @{ Status = 200; ETag = @($answer.Headers['ETag'])[0]; Text = $text }
}

# Writes a file as a whole: whoever reads it meanwhile has the old one.
function Set-WholeFile([string] $File, [string] $Text) {
  [IO.File]::WriteAllText("$File.new", $Text)
  Move-Item -LiteralPath "$File.new" -Destination $File -Force -WhatIf:$false
}

$base = '{0}/v1/catalogues/{1}' -f $Url.TrimEnd('/'), [Uri]::EscapeDataString($Catalogue)

if ($PSCmdlet.ParameterSetName -eq 'Report') {
  $query = 'from={0}&to={1}' -f [Uri]::EscapeDataString($From), [Uri]::EscapeDataString($To)
  $diff = (Get-Answer "$base/diff?$query" '').Text | ConvertFrom-Json
  foreach ($change in $diff.changes) {
    $at = @{}
    foreach ($name in 'requirement', 'endpoint', 'before', 'after') {
      $found = $change.PSObject.Properties[$name]
      $at[$name] = if ($found) { $found.Value } else { $null }
    }
    # A value that ends says when, in what is there after the change.
    $until = if ($at.after -and $at.after.PSObject.Properties['until']) { $at.after.until } else { $null }
    # 7 reads an instant as a date, 5.1 as a text.
    if ($until -is [datetime]) { $until = $until.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'") }
    $value = if ($at.endpoint) { $at.endpoint.value } else { $change.pointer }
    [pscustomobject] @{ Change = $change.op; Impact = $change.impact; Requirement = $at.requirement; Value = $value; Until = $until }
  }
  return
}

# A relative path is one of the shell, whose folder is not that of the process.
$file = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
$known = if ((Test-Path -LiteralPath $file) -and (Test-Path -LiteralPath "$file.etag")) { [IO.File]::ReadAllText("$file.etag") } else { '' }
$answer = Get-Answer "$base/exports/plain-ip?slice=$Slice" $known
if ($answer.Status -eq 200) {
  Set-WholeFile $file $answer.Text
  # The ETag comes last: if this breaks off, the list is fetched once more.
  Set-WholeFile "$file.etag" $answer.ETag
}
$addresses = @([IO.File]::ReadAllLines($file) | Where-Object { $_ -and -not $_.StartsWith('#') })

if ($FirewallRule) {
  # Without addresses the rule would let everything out.
  if ($addresses.Count -eq 0) { throw "The list of $Slice is empty: the rule $FirewallRule stays as it is." }
  $null, $protocol, $ports = $Slice -split '-', 3
  $port = $ports -split '_'
  if ($PSCmdlet.ShouldProcess($FirewallRule, "let $($addresses.Count) addresses out")) {
    if (Get-NetFirewallRule -Name $FirewallRule -ErrorAction SilentlyContinue) {
      Set-NetFirewallRule -Name $FirewallRule -RemoteAddress $addresses -Protocol $protocol -RemotePort $port
    } else {
      $null = New-NetFirewallRule -Name $FirewallRule -DisplayName "Portolan: $Catalogue $Slice" -Group Portolan `
        -Direction Outbound -Action Allow -Protocol $protocol -RemotePort $port -RemoteAddress $addresses
    }
  }
}
'{0}: {1}, {2} addresses' -f $Slice, $(if ($answer.Status -eq 304) { 'nothing has changed' } else { 'fetched' }), $addresses.Count
