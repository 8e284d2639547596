function ConvertTo-NativeArgument {
    # One argument of a command line, as Windows programs take it apart again (the rules of CommandLineToArgvW):
    # backslashes count only before a quote, where each is doubled and the quote gets one more; those at the end stand
    # before the closing quote. Windows PowerShell does not do this by itself: it adds quotes where it sees a blank and
    # leaves those inside as they are, so a name with a quote, or a folder with a backslash at its end, would move the
    # rest of the line. A secret comes as such and is opened only here, so that no parameter ever holds its text.
    param([string]$Text, [System.Security.SecureString]$Secret)
    if ($null -ne $Secret) {
        $holder = New-Object -TypeName System.Management.Automation.PSCredential -ArgumentList 'proxy', $Secret
        $Text = $holder.GetNetworkCredential().Password
    }
    return '"' + (($Text -replace '(\\*)"', '$1$1\"') -replace '(\\+)\z', '$1$1') + '"'
}

function Invoke-NativeProgram {
    # Starts a program, waits for it and what it starts, and gives back its exit code. The command line is one text that
    # was put together in full by the caller.
    param(
        [string]$Path,
        [string]$Arguments,
        [string]$Folder,
        [string]$SecretSwitch,
        [System.Security.SecureString]$Secret
    )
    if ($null -eq $Secret) {
        $process = Start-Process -FilePath $Path -ArgumentList $Arguments -WorkingDirectory $Folder -Wait -PassThru
        return $process.ExitCode
    }
    # Not by Start-Process: module logging writes down what cmdlets are given.
    $start = New-Object -TypeName System.Diagnostics.ProcessStartInfo
    $start.FileName = $Path
    $start.WorkingDirectory = $Folder
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.Arguments = $Arguments + ' ' + $SecretSwitch + ' ' + (ConvertTo-NativeArgument -Secret $Secret)
    $process = [System.Diagnostics.Process]::Start($start)
    $start.Arguments = ''
    $process.WaitForExit()
    return $process.ExitCode
}

function Get-RegisterArguments {
    # All but the password.
    param($Rules, $Plan, [string]$KeyFile)
    $arguments = @(
        $Rules.Register,
        $Rules.FriendlyNameSwitch,
        (ConvertTo-NativeArgument $Plan.FriendlyName),
        $Rules.CredentialsSwitch,
        (ConvertTo-NativeArgument $KeyFile)
    )
    if ($Plan.ProxyKind -eq 'custom') {
        $arguments = $arguments + @(
            $Rules.ProxyAddressSwitch,
            (ConvertTo-NativeArgument $Plan.ProxyUrl),
            $Rules.ProxyPortSwitch,
            (ConvertTo-NativeArgument $Plan.ProxyPort)
        )
        if ($Plan.ProxyUser) {
            $arguments = $arguments + @($Rules.ProxyUserSwitch, (ConvertTo-NativeArgument $Plan.ProxyUser))
        }
    }
    return ($arguments -join ' ')
}

function Get-MissingChecks {
    # Required ones that are not met. What is not known is not met.
    param($Plan, $Checks, [bool]$Force)
    foreach ($result in @($Checks)) {
        $text = Get-CheckText $Plan $result.id
        if ($text.IsRequired -and (@('ok', 'warn', 'skipped') -notcontains $result.status)) {
            if (-not $Force -or $text.IsFinal) {
                $result
            }
        }
    }
}

function Get-RegistrationMarks {
    # What would tell that a registration is the one that is wanted: ids of the key, or our own note of an earlier run.
    param($Plan, [string]$KeyFile)
    $marks = @($Plan.SiteId)
    try {
        $key = Get-HostKeyContent $KeyFile
        if ($key.Vault -eq $Plan.Vault) {
            $marks = $marks + @($key.SiteId, $key.VaultId)
        }
    }
    catch {
        # The check of the key says what is wrong with it.
        $marks = @($Plan.SiteId)
    }
    try {
        $path = Get-NotePath
        if (Test-Path -LiteralPath $path) {
            $note = ConvertFrom-Json -InputObject (Get-Content -LiteralPath $path -Raw -Encoding UTF8)
            if (($note.vault -eq $Plan.Vault) -and ($note.site -eq $Plan.Site)) {
                $marks = $marks + "$($note.trace)"
            }
        }
    }
    catch {
        Write-Verbose "The note of an earlier run can't be read: $($_.Exception.Message)"
    }
    return @($marks | Where-Object { $_ })
}

function Add-Step {
    param($Report, [string]$Id, [string]$Status, [string]$Text, $ExitCode)
    $Report['steps'] = @($Report['steps']) + [pscustomobject][ordered]@{
        id = $Id
        status = $Status
        text = $Text
        exit_code = $ExitCode
    }
}

function Install-Provider {
    # Unpacks and installs; true where Provider and agent are there afterwards.
    param($Rules, $Report, [string]$Installer, [string]$Folder)
    $configurator = "$env:ProgramFiles\$($Rules.ProviderFolder)\$($Rules.Configurator)"
    $installed = Get-HostFileVersion $configurator
    $agent = Get-HostService $Rules.AgentService
    $offered = ''
    if ($Installer -and (Test-Path -LiteralPath $Installer -PathType Leaf)) {
        $offered = Get-HostFileVersion $Installer
    }
    if ($installed -and ($null -ne $agent) -and (-not $offered -or ([version]$installed -ge [version]$offered))) {
        Add-Step $Report 'install' 'skipped' "Provider $installed is installed already." $null
        return $true
    }
    $unpacked = Join-Path -Path $Folder -ChildPath 'Provider-files'
    $null = New-Item -Path $unpacked -ItemType Directory -Force
    $code = Invoke-NativeProgram -Path $Installer -Arguments $Rules.ExtractArguments -Folder $unpacked
    $setup = Join-Path -Path $unpacked -ChildPath $Rules.Setup
    if (($code -ne 0) -or -not (Test-Path -LiteralPath $setup)) {
        Add-Step $Report 'extract' 'fail' "The installer did not unpack $($Rules.Setup)." $code
        return $false
    }
    Add-Step $Report 'extract' 'ok' 'The installer is unpacked.' $code
    $code = Invoke-NativeProgram -Path $setup -Arguments $Rules.InstallArguments -Folder $unpacked
    $installed = Get-HostFileVersion $configurator
    $agent = Get-HostService $Rules.AgentService
    if ((@(0, 3010) -notcontains $code) -or -not $installed -or ($null -eq $agent)) {
        Add-Step $Report 'install' 'fail' "Setup did not install Provider and agent. See $($Report['log'])." $code
        return $false
    }
    if ($code -eq 3010) {
        Add-Step $Report 'install' 'warn' "Provider $installed is installed. Setup wants a restart of this host." $code
    }
    else {
        Add-Step $Report 'install' 'ok' "Provider $installed is installed." $code
    }
    return $true
}

function Register-ProviderHost {
    # True where the host is registered afterwards.
    param($Rules, $Plan, $Report, [string]$KeyFile, [System.Security.SecureString]$Secret)
    $folder = "$env:ProgramFiles\$($Rules.ProviderFolder)"
    $start = @{
        Path = "$folder\$($Rules.Configurator)"
        Arguments = (Get-RegisterArguments $Rules $Plan $KeyFile)
        Folder = $folder
    }
    if ($null -ne $Secret) {
        $start['SecretSwitch'] = $Rules.ProxyPasswordSwitch
        $start['Secret'] = $Secret
    }
    $code = Invoke-NativeProgram @start
    $found = Get-HostRegistration $Rules @()
    if (($code -ne 0) -or ($found.State -ne 'elsewhere')) {
        # Without marks, "elsewhere" says that there is a registration.
        Add-Step $Report 'register' 'fail' "The setup did not confirm the registration. See $($Report['log'])." $code
        return $false
    }
    Add-Step $Report 'register' 'ok' "Registered in the vault $($Plan.Vault), site $($Plan.Site)." $code
    try {
        $note = Get-NotePath
        $null = New-Item -Path (Split-Path -Path $note -Parent) -ItemType Directory -Force
        $text = ConvertTo-Json -Compress -InputObject ([pscustomobject][ordered]@{
            vault = $Plan.Vault
            site = $Plan.Site
            trace = $found.Trace
        })
        Set-Content -LiteralPath $note -Value $text -Encoding UTF8
    }
    catch {
        Add-Step $Report 'note' 'warn' "A later run won't know this registration: $($_.Exception.Message)" $null
    }
    return $true
}

function Invoke-HostSetUp {
    # All of it on this host. The report's result is checked, stopped, already, registered or failed.
    param(
        $Plan,
        [string]$Folder,
        [string]$Installer,
        [string]$KeyFile,
        [System.Security.SecureString]$Secret,
        [bool]$CheckOnly,
        [bool]$Force
    )
    $rules = Get-HostRules
    $report = [ordered]@{
        schema = 'site-recovery-desk/host-set-up'
        version = 1
        host = "$env:COMPUTERNAME"
        friendly_name = "$($Plan.FriendlyName)"
        vault = "$($Plan.Vault)"
        site = "$($Plan.Site)"
        started = (Get-Date).ToUniversalTime().ToString('s') + 'Z'
        ended = ''
        result = 'failed'
        checks = @()
        steps = @()
        services = @()
        log = "$env:ProgramData\$($rules.Log)"
        error = ''
    }
    try {
        $credential = $null
        if ($null -ne $Secret) {
            $parts = @($Plan.ProxyUser, $Secret)
            $credential = New-Object -TypeName System.Management.Automation.PSCredential -ArgumentList $parts
        }
        $marks = @(Get-RegistrationMarks $Plan $KeyFile)
        $report['checks'] = @(Invoke-HostChecks $Plan $KeyFile $Installer $marks $credential)
        $missing = @(Get-MissingChecks $Plan $report['checks'] $Force)
        if ((Get-HostRegistration $rules $marks).State -eq 'here') {
            $report['result'] = 'already'
            Add-Step $report 'register' 'skipped' 'The host is registered in this vault already.' $null
        }
        elseif ($missing.Count) {
            $report['result'] = 'stopped'
        }
        elseif ($CheckOnly) {
            $report['result'] = 'checked'
        }
        elseif (Install-Provider $rules $report $Installer $Folder) {
            if (Register-ProviderHost $rules $Plan $report $KeyFile $Secret) {
                $report['result'] = 'registered'
            }
        }
        $names = @($rules.ProviderService, $rules.AgentService, $rules.HyperVService)
        $report['services'] = @(foreach ($name in $names) {
            $service = Get-HostService $name
            if ($null -eq $service) {
                "$name is not installed"
            }
            else {
                "$name is $($service.State)"
            }
        })
    }
    catch {
        $report['error'] = "$($_.Exception.Message)"
    }
    $report['ended'] = (Get-Date).ToUniversalTime().ToString('s') + 'Z'
    return [pscustomobject]$report
}
