<#
.SYNOPSIS
    Sets up one Hyper-V host for Azure Site Recovery: installs the Provider and registers the host.

.DESCRIPTION
    Host: {{about_host}}
    Vault: {{about_vault}}
    Site: {{about_site}}
    Proxy: {{about_proxy}}

    What it does, in this order:
      1. Looks whether the host is fit for it. If something required is missing or can't be found out, it stops here,
         and nothing has been changed.
      2. Unpacks the installer into the folder Provider-files beside this script.
      3. Installs the Provider and the Recovery Services agent. A Provider of this version is left as it is.
      4. Registers the host in the vault's site. A host that is registered there already is left as it is; one that is
         registered elsewhere stops the script: clear that registration first, with the clean-up script.
      5. Writes a report beside this script.

    What it changes: programs and services of Provider and agent, their settings in the registry, certificates of the
    registration, and a note in %ProgramData%\Site Recovery Desk. Virtual machines are not touched and go on running.

    What it needs, beside this script: {{installer_name}} and the registration key (*.VaultCredentials), which
    is good for {{key_hours}} hours. It needs Windows PowerShell 4.0 or later and an administrator.

    {{about_edition}}

    {{about_password}}

.PARAMETER CheckOnly
    Only looks, and changes nothing.

.PARAMETER Force
    Goes on although a required check is not met. Rights, the key and a registration elsewhere are never passed over.

.PARAMETER Installer
    The installer, where it is not beside this script.

.PARAMETER KeyFile
    The registration key, where it is not beside this script.
#>
[CmdletBinding()]
param(
    [string]$Installer = '',

    [string]$KeyFile = '',

    [switch]$CheckOnly,

    [switch]$Force
)

Set-StrictMode -Off
$ErrorActionPreference = 'Stop'
if ("$($PSVersionTable.PSEdition)" -eq 'Core') {
    throw 'Start this script in Windows PowerShell (powershell.exe), not in PowerShell 7.'
}
$ProgressPreference = 'SilentlyContinue'

{{host_plan}}

{{host_checks}}

{{host_note}}

{{host_set_up}}

{{host_report}}

$folder = "$PSScriptRoot"
if (-not $folder) {
    throw 'Save this script as a file, and run that file.'
}
$rules = Get-HostRules
$plan = Get-SetUpPlan {{name}}
$call = @{
    Plan = $plan
    Folder = $folder
    Installer = (Find-Installer $Installer $rules.Installer $folder)
    KeyFile = (Find-KeyFile $KeyFile $plan.KeyFile $folder)
    CheckOnly = [bool]$CheckOnly
    Force = [bool]$Force
}
if ($plan.ProxyUser) {
    $call['Secret'] = Read-Host -Prompt "Password of $($plan.ProxyUser) for the proxy" -AsSecureString
}
$report = Invoke-HostSetUp @call
Write-HostReport $plan $report
$stamp = "$($report.ended)" -replace '[-:TZ]', ''
Save-Report (Join-Path -Path $folder -ChildPath "Report-$env:COMPUTERNAME-$stamp.json") $report
if (@('registered', 'already') -contains $report.result) {
    Write-Host 'The registration key is a secret: delete it when the last host is registered.'
}
if (@('registered', 'already', 'checked') -notcontains $report.result) {
    exit 1
}
