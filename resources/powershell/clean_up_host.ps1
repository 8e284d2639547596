<#
.SYNOPSIS
    Clears what a registration with Azure Site Recovery left on a Hyper-V host.

.DESCRIPTION
    Host: {{about_host}}

    {{about_kind}}

    What it does, in this order:
      1. Asks for the host's name, so that it is not run on the wrong one.
      2. Saves the registry of Site Recovery into a file beside this script. Keep it in a safe place: it describes the
         registration.
      3. Of the machines listed below, if any, ends the replication in Hyper-V. Their disks and checkpoints stay.
      4. Stops the Provider's service.
      5. Deletes the registration and the proxy's settings from the registry, the certificates of the registration, and
         the note that the set-up script made.

    What it leaves: Provider and agent stay installed, and the service stays stopped until it is registered again.
    Machines go on running.

    Machines: {{about_machines}}

    It needs Windows PowerShell 4.0 or later and an administrator. With -WhatIf it only says what it would do.

.PARAMETER HostName
    The host's name, instead of being asked for it.
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [string]$HostName = ''
)

Set-StrictMode -Off
$ErrorActionPreference = 'Stop'
if ("$($PSVersionTable.PSEdition)" -eq 'Core') {
    throw 'Start this script in Windows PowerShell (powershell.exe), not in PowerShell 7.'
}

{{host_asking}}

{{host_note}}

function Clear-Registration {
    # Registry and certificates; each deletion is said before it is done.
    [CmdletBinding(SupportsShouldProcess = $true)]
    param($Rules)
    foreach ($name in $Rules.RegistrationSubkeys) {
        $key = "$($Rules.RegistrationKey)\$name"
        if ((Test-Path -LiteralPath $key) -and $PSCmdlet.ShouldProcess($key, 'Delete from the registry')) {
            Remove-Item -LiteralPath $key -Recurse -Force
            Write-Host "Deleted: $key"
        }
    }
    foreach ($name in $Rules.RegistrationValues) {
        $isThere = ($null -ne (Get-HostRegistryValue $Rules.RegistrationKey $name))
        $what = "$($Rules.RegistrationKey), value $name"
        if ($isThere -and $PSCmdlet.ShouldProcess($what, 'Delete from the registry')) {
            Remove-ItemProperty -LiteralPath $Rules.RegistrationKey -Name $name
            Write-Host "Deleted: value $name"
        }
    }
    $note = Get-NotePath
    if ((Test-Path -LiteralPath $note) -and $PSCmdlet.ShouldProcess($note, 'Delete')) {
        Remove-Item -LiteralPath $note -Force
        Write-Host "Deleted: $note"
    }
    foreach ($certificate in @(Get-ChildItem -LiteralPath 'Cert:\LocalMachine\My')) {
        foreach ($beginning in $Rules.Certificates) {
            if ("$($certificate.FriendlyName)" -like "$beginning*") {
                if ($PSCmdlet.ShouldProcess("$($certificate.FriendlyName)", 'Delete the certificate')) {
                    Remove-Item -LiteralPath $certificate.PSPath
                    Write-Host "Deleted: certificate $($certificate.FriendlyName)"
                }
            }
        }
    }
}

function Remove-Replication {
    # Hyper-V's own end of a replication that Azure no longer knows. By the machine's id: names may be used twice.
    [CmdletBinding(SupportsShouldProcess = $true)]
    param([string]$Id, [string]$Name)
    $virtual = 'root\virtualization\v2'
    $machine = Get-WmiObject -Namespace $virtual -Class Msvm_ComputerSystem -Filter "Name='$Id'"
    if ($null -eq $machine) {
        Write-Host "Not on this host: $Name"
        return
    }
    if ($machine.ReplicationMode -ne 1) {
        Write-Host "Not replicating from this host: $Name"
        return
    }
    if ($PSCmdlet.ShouldProcess("$Name ($Id)", 'End the replication in Hyper-V')) {
        $service = Get-WmiObject -Namespace $virtual -Class Msvm_ReplicationService
        $answer = $service.RemoveReplicationRelationship($machine.__PATH)
        # 0 is done, 4096 is a job that Hyper-V goes on with.
        if (@(0, 4096) -notcontains $answer.ReturnValue) {
            throw "Hyper-V did not end the replication of ${Name}: $($answer.ReturnValue)."
        }
        Write-Host "Replication ended: $Name"
    }
}

$wanted = {{computer_name}}
$machines = {{machines}}

$rules = Get-HostRules
if ((Test-HostElevated).Status -ne 'ok') {
    throw 'Start Windows PowerShell with "Run as administrator", then run this script again.'
}
$check = Test-HostName @{ ComputerName = $wanted }
if ($check.Status -ne 'ok') {
    throw "$($check.Value). Nothing was changed."
}
if (-not $WhatIfPreference) {
    $typed = $HostName
    if (-not $typed) {
        Write-Host "This clears the registration of $env:COMPUTERNAME with Azure Site Recovery."
        $typed = Read-Host -Prompt 'Type the name of this host to go on'
    }
    if ("$typed".Trim() -ne "$env:COMPUTERNAME") {
        throw 'That is not the name of this host. Nothing was changed.'
    }
}

if (Test-Path -LiteralPath $rules.RegistrationKey) {
    $folder = "$PSScriptRoot"
    if (-not $folder) {
        throw 'Save this script as a file, and run that file.'
    }
    $stamp = (Get-Date).ToUniversalTime().ToString('s') -replace '[-:T]', ''
    $backup = Join-Path -Path $folder -ChildPath "Registry-$env:COMPUTERNAME-$stamp.reg"
    if ($PSCmdlet.ShouldProcess($backup, 'Save the registry of Site Recovery')) {
        # Without it nothing is deleted.
        $null = reg.exe export ($rules.RegistrationKey -replace '^HKLM:', 'HKLM') $backup /y
        if (($LASTEXITCODE -ne 0) -or -not (Test-Path -LiteralPath $backup)) {
            throw 'The registry could not be saved. Nothing was deleted.'
        }
        Write-Host "Saved: $backup"
    }
}

$left = @()
foreach ($machine in $machines) {
    try {
        Remove-Replication $machine.Id $machine.Name
    }
    catch {
        $left = $left + $machine.Name
        Write-Warning "$($machine.Name): $($_.Exception.Message)"
    }
}

$provider = Get-HostService $rules.ProviderService
if (($null -ne $provider) -and ("$($provider.State)" -ne 'Stopped')) {
    if ($PSCmdlet.ShouldProcess($rules.ProviderService, 'Stop the service')) {
        Stop-Service -Name $rules.ProviderService -Force
        Write-Host "Stopped: $($rules.ProviderService)"
    }
}

Clear-Registration $rules

if ($WhatIfPreference) {
    Write-Host 'Nothing was changed.'
}
elseif ($left.Count) {
    Write-Host 'The registration is cleared. Of these machines the replication was not ended:'
    Write-Host ($left -join ', ')
    exit 1
}
else {
    Write-Host 'Cleared. To register this host again, run its set-up script with a new registration key.'
}
