#requires -Version 5.1
<#
.SYNOPSIS
    Sets up all nodes for Azure Site Recovery from one computer: installs the Provider on each and registers it.

.DESCRIPTION
    Nodes: {{about_host}}
    Vault: {{about_vault}}
    Site: {{about_site}}
    Proxy: {{about_proxy}}

    What it does, in this order:
      1. Opens a PowerShell session to every node, and copies installer and key into a folder of its own below
         %SystemRoot%\Temp there. Each node works from its own copy, so nothing has to be read from a third computer.
      2. Looks whether every node is fit for it. If something required is missing on one of them or can't be found out,
         it stops here, and nothing has been installed on any.
      3. Node by node: installs the Provider and the Recovery Services agent, and registers the node. It stops at the
         first node that fails. Run it again afterwards: what is done is left as it is.
      4. Removes the folder with the key from every node, whatever happened before, and says so where it can't.
      5. Collects the nodes' reports in one file beside this script.

    What it changes on nodes: programs and services of Provider and agent, their settings in the registry, certificates
    of the registration, and a note in %ProgramData%\Site Recovery Desk. Virtual machines are not touched and go on
    running; nodes are neither drained nor restarted.

    What it needs, beside this script: {{installer_name}} and the registration key (*.VaultCredentials), which
    is good for {{key_hours}} hours. It needs Windows PowerShell 5.1 here, PowerShell remoting to the nodes, and an
    administrator of all of them. Nodes that allow no remoting, or have PowerShell 4.0 only, are set up one by one with
    their own scripts.

    {{about_edition}}

    {{about_password}}

.PARAMETER CheckOnly
    Only looks. The copies on the nodes are removed again.

.PARAMETER Force
    Goes on although a required check is not met, and leaves out nodes that don't answer. Rights, the key and a
    registration elsewhere are never passed over.

.PARAMETER Credential
    An administrator of the nodes, where it is not the account that runs this script.

.PARAMETER Installer
    The installer, where it is not beside this script.

.PARAMETER KeyFile
    The registration key, where it is not beside this script.
#>
[CmdletBinding()]
param(
    [string]$Installer = '',

    [string]$KeyFile = '',

    [System.Management.Automation.PSCredential]$Credential,

    [switch]$CheckOnly,

    [switch]$Force
)

Set-StrictMode -Off
$ErrorActionPreference = 'Stop'
if ("$($PSVersionTable.PSEdition)" -eq 'Core') {
    throw 'Start this script in Windows PowerShell (powershell.exe), not in PowerShell 7.'
}
$ProgressPreference = 'SilentlyContinue'

$Nodes = {{nodes}}

# Runs on a node and gives back its report as JSON: what travels between computers loses its types, text does not.
$OnNode = {
    param($Name, $Folder, $Installer, $KeyFile, $Secret, $CheckOnly, $Force)

    Set-StrictMode -Off
    $ErrorActionPreference = 'Stop'
    $ProgressPreference = 'SilentlyContinue'

    {{host_plan}}

    {{host_checks}}

    {{host_note}}

    {{host_set_up}}

    $call = @{
        Plan = (Get-SetUpPlan $Name)
        Folder = $Folder
        Installer = $Installer
        KeyFile = $KeyFile
        CheckOnly = $CheckOnly
        Force = $Force
    }
    if ($null -ne $Secret) {
        $call['Secret'] = $Secret
    }
    ConvertTo-Json -InputObject (Invoke-HostSetUp @call) -Depth 8 -Compress
}

# Makes the folder on a node. Others of that computer may not read what lies in it.
$MakeFolder = {
    $path = "$env:SystemRoot\Temp\HostSetUp-$([guid]::NewGuid())"
    $null = New-Item -Path $path -ItemType Directory -ErrorAction Stop
    $path
}

# Removes the folder on a node, and tells whether it is gone.
$RemoveFolder = {
    param($Path)
    Remove-Item -LiteralPath $Path -Recurse -Force -ErrorAction SilentlyContinue
    -not (Test-Path -LiteralPath $Path)
}

{{host_plan}}

{{host_report}}

function Get-BrokenReport {
    # A node that could not be asked or did not get through.
    param([string]$Name, [string]$Problem)
    return [pscustomobject][ordered]@{
        host = $Name
        friendly_name = $Name
        result = 'failed'
        checks = @()
        steps = @()
        services = @()
        log = ''
        error = $Problem
    }
}

function Invoke-OnNode {
    # One round on one node.
    param($Node, [bool]$Only, [System.Security.SecureString]$Secret)
    try {
        $arguments = @(
            $Node.Name,
            $Node.Folder,
            $Node.Installer,
            $Node.KeyFile,
            $Secret,
            $Only,
            [bool]$Force
        )
        $text = Invoke-Command -Session $Node.Session -ScriptBlock $OnNode -ArgumentList $arguments
        return (ConvertFrom-Json -InputObject "$text")
    }
    catch {
        return (Get-BrokenReport $Node.Name "$($_.Exception.Message)")
    }
}

$here = "$PSScriptRoot"
if (-not $here) {
    throw 'Save this script as a file, and run that file.'
}
$plan = Get-SetUpPlan
$localInstaller = Find-Installer $Installer {{installer}} $here
$localKey = Find-KeyFile $KeyFile $plan.KeyFile $here
foreach ($needed in @($localInstaller, $localKey)) {
    if (-not $needed -or -not (Test-Path -LiteralPath $needed -PathType Leaf)) {
        throw "Put the installer and the registration key (*.VaultCredentials) beside this script. Not found: $needed"
    }
}
$secret = $null
if ($plan.ProxyUser) {
    # Once for all nodes. It travels encrypted, as a secret, and is kept nowhere.
    $secret = Read-Host -Prompt "Password of $($plan.ProxyUser) for the proxy" -AsSecureString
}

$ready = @()
$reports = [ordered]@{}
$failed = $false
try {
    foreach ($name in $Nodes) {
        Write-Host "Copying to $name"
        $node = @{ Name = $name; Session = $null; Folder = '' }
        try {
            $how = @{ ComputerName = $name }
            if ($null -ne $Credential) {
                $how['Credential'] = $Credential
            }
            $node['Session'] = New-PSSession @how
            # Before anything is in it, so that it is removed even if copying breaks off.
            $node['Folder'] = "$(Invoke-Command -Session $node.Session -ScriptBlock $MakeFolder)"
            $ready = $ready + $node
            $node['KeyFile'] = "$($node.Folder)\$(Split-Path -Path $localKey -Leaf)"
            $node['Installer'] = "$($node.Folder)\$(Split-Path -Path $localInstaller -Leaf)"
            Copy-Item -LiteralPath $localKey -Destination $node.KeyFile -ToSession $node.Session
            Copy-Item -LiteralPath $localInstaller -Destination $node.Installer -ToSession $node.Session
            $node['IsReady'] = $true
        }
        catch {
            $reports[$name] = Get-BrokenReport $name "$($_.Exception.Message)"
            $failed = $true
            if (($null -ne $node.Session) -and -not $node.Folder) {
                Remove-PSSession -Session $node.Session -ErrorAction SilentlyContinue
            }
        }
    }
    foreach ($node in @($ready | Where-Object { $_.IsReady })) {
        Write-Host "Checking $($node.Name)"
        $report = Invoke-OnNode $node $true $secret
        $reports[$node.Name] = $report
        if (@('checked', 'already') -notcontains $report.result) {
            $failed = $true
            $node['IsReady'] = $false
        }
    }
    if (-not $CheckOnly -and (-not $failed -or $Force)) {
        $isStopped = $false
        foreach ($node in @($ready | Where-Object { $_.IsReady })) {
            if (-not $isStopped -and ($reports[$node.Name].result -ne 'already')) {
                Write-Host "Setting up $($node.Name)"
                $report = Invoke-OnNode $node $false $secret
                $reports[$node.Name] = $report
                if (@('registered', 'already') -notcontains $report.result) {
                    $isStopped = $true
                    $failed = $true
                }
            }
        }
    }
}
finally {
    foreach ($node in $ready) {
        $isGone = $false
        try {
            $answer = Invoke-Command -Session $node.Session -ScriptBlock $RemoveFolder -ArgumentList $node.Folder
            $isGone = [bool]$answer
        }
        catch {
            $isGone = $false
        }
        if (-not $isGone) {
            Write-Warning "$($node.Name): $($node.Folder) could not be removed. It holds the key: delete it there."
        }
        Remove-PSSession -Session $node.Session -ErrorAction SilentlyContinue
    }
}

foreach ($name in @($reports.Keys)) {
    Write-HostReport $plan $reports[$name]
}
$stamp = (Get-Date).ToUniversalTime().ToString('s') -replace '[-:T]', ''
Save-Report (Join-Path -Path $here -ChildPath "Report-nodes-$stamp.json") @($reports.Values)
Write-Host 'The registration key is a secret: delete it here when the last host is registered.'
if ($failed) {
    exit 1
}
