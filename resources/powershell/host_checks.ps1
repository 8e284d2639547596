# Checks of a Hyper-V host. They only read.
#
# Each result has an id, a status (ok, warn, fail, unknown, skipped), a value, an error and a source. Unknown means that
# it could not be found out, and is never a pass. Ids: elevated, bits, language_mode, system, updates, edition, role,
# not_a_dc, dotnet, tls, services, switches, clock, space, restart, no_other_tool, provider, registration. With a plan
# of what is to be set up also: name, key, installer, secrets, and one for each address: address.NAME, or
# optional_address.NAME.

function Invoke-HostCheck {
    # One check by itself: what fails costs itself only.
    param([string]$Id, [string]$Source, [scriptblock]$Ask)
    $result = [ordered]@{
        id = $Id
        status = 'unknown'
        value = ''
        error = ''
        source = $Source
    }
    try {
        $answer = & $Ask
        if ($null -eq $answer) {
            $result['error'] = 'There was no answer.'
        }
        else {
            $result['status'] = "$($answer.Status)"
            $result['value'] = "$($answer.Value)"
        }
    }
    catch {
        $result['error'] = "$($_.Exception.Message)"
    }
    return [pscustomobject]$result
}

function Get-HostFileVersion {
    # Nothing where there is no such file. By its four numbers: the text may hold words besides.
    param([string]$Path)
    if (-not (Test-Path -LiteralPath $Path)) {
        return $null
    }
    $info = (Get-Item -LiteralPath $Path -ErrorAction Stop).VersionInfo
    return "$($info.FileMajorPart).$($info.FileMinorPart).$($info.FileBuildPart).$($info.FilePrivatePart)"
}

function Test-HostBits {
    if ("$env:PROCESSOR_ARCHITECTURE" -eq 'x86') {
        return @{ Status = 'fail'; Value = '32 bit' }
    }
    return @{ Status = 'ok'; Value = "$env:PROCESSOR_ARCHITECTURE" }
}

function Test-HostLanguageMode {
    $mode = "$($ExecutionContext.SessionState.LanguageMode)"
    $status = 'warn'
    if ($mode -eq 'FullLanguage') {
        $status = 'ok'
    }
    return @{ Status = $status; Value = "$mode, PowerShell $($PSVersionTable.PSVersion)" }
}

function Test-HostSystem {
    param($Rules)
    $system = Get-CimInstance -ClassName Win32_OperatingSystem -ErrorAction Stop
    $build = [int]$system.BuildNumber
    $shown = "$("$($system.Caption)".Trim()), build $build"
    if ($system.ProductType -eq 1) {
        return @{ Status = 'fail'; Value = "$shown, which is no server" }
    }
    $newest = 0
    foreach ($known in $Rules.Systems) {
        if ($known.Build -gt $newest) {
            $newest = $known.Build
        }
        if ($known.Build -eq $build) {
            if ($known.IsSupported) {
                return @{ Status = 'ok'; Value = $shown }
            }
            return @{ Status = 'fail'; Value = "$shown, which is not in the list of supported systems" }
        }
    }
    if ($build -gt $newest) {
        return @{ Status = 'unknown'; Value = "$shown, which is newer than this script" }
    }
    return @{ Status = 'fail'; Value = "$shown, which is not in the list of supported systems" }
}

function Test-HostUpdates {
    # The update was rolled up into later ones: that it is not listed says nothing.
    param($Rules)
    $system = Get-CimInstance -ClassName Win32_OperatingSystem -ErrorAction Stop
    foreach ($update in $Rules.Updates) {
        if ($update.Build -eq [int]$system.BuildNumber) {
            if (@(Get-HotFix -ErrorAction Stop | Where-Object { $_.HotFixID -eq $update.Id }).Count) {
                return @{ Status = 'ok'; Value = "$($update.Id) is installed" }
            }
            throw "$($update.Id) is not listed; a later update may contain it."
        }
    }
    return @{ Status = 'ok'; Value = 'none is asked for by name' }
}

function Test-HostEdition {
    # Expected is empty where nobody said how the host is installed.
    param([string]$Expected)
    $key = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
    $found = "$(Get-HostRegistryValue $key 'InstallationType')"
    $names = @{ 'Server' = 'desktop'; 'Server Core' = 'server_core' }
    if (-not $found) {
        throw 'The registry does not tell how Windows is installed.'
    }
    if (-not $names.ContainsKey($found)) {
        return @{ Status = 'unknown'; Value = "$found, which this script does not know" }
    }
    if ($Expected -and ($names[$found] -ne $Expected)) {
        return @{ Status = 'warn'; Value = "$found, which is not what was said" }
    }
    return @{ Status = 'ok'; Value = $found }
}

function Test-HostRole {
    param($Rules)
    $service = Get-HostService $Rules.HyperVService
    if ($null -eq $service) {
        return @{ Status = 'fail'; Value = 'Hyper-V is not installed' }
    }
    if (Get-Command -Name Get-WindowsFeature -ErrorAction SilentlyContinue) {
        $feature = Get-WindowsFeature -Name Hyper-V -ErrorAction Stop
        if ("$($feature.InstallState)" -ne 'Installed') {
            return @{ Status = 'fail'; Value = "Hyper-V: $($feature.InstallState)" }
        }
    }
    if ("$($service.State)" -ne 'Running') {
        return @{ Status = 'fail'; Value = "the service $($Rules.HyperVService) is $($service.State)" }
    }
    return @{ Status = 'ok'; Value = 'Hyper-V is installed and runs' }
}

function Test-HostNotDomainController {
    $system = Get-CimInstance -ClassName Win32_OperatingSystem -ErrorAction Stop
    $computer = Get-CimInstance -ClassName Win32_ComputerSystem -ErrorAction Stop
    if (($system.ProductType -eq 2) -or ($computer.DomainRole -ge 4)) {
        return @{ Status = 'fail'; Value = 'a domain controller' }
    }
    if (($null -eq $system.ProductType) -or ($null -eq $computer.DomainRole)) {
        throw 'Windows does not tell what kind of server this is.'
    }
    return @{ Status = 'ok'; Value = 'no domain controller' }
}

function Test-HostDotnet {
    param($Rules)
    $release = Get-HostRegistryValue $Rules.DotnetKey 'Release'
    if ($null -eq $release) {
        return @{ Status = 'fail'; Value = 'older than 4.5' }
    }
    if ([int]$release -ge $Rules.DotnetRelease) {
        return @{ Status = 'ok'; Value = "$($Rules.DotnetName) or later, release $release" }
    }
    return @{ Status = 'fail'; Value = "older than $($Rules.DotnetName), release $release" }
}

function Test-HostTls {
    param($Rules)
    $client = "$($Rules.SchannelKey)\TLS 1.2\Client"
    if ((Get-HostRegistryValue $client 'Enabled') -eq 0) {
        return @{ Status = 'fail'; Value = 'TLS 1.2 is switched off for clients' }
    }
    $weak = @()
    foreach ($root in $Rules.CryptoKeys) {
        if (Test-Path -LiteralPath $root) {
            foreach ($version in @(Get-ChildItem -LiteralPath $root -ErrorAction Stop)) {
                if ("$($version.PSChildName)" -like 'v*') {
                    $path = "$root\$($version.PSChildName)"
                    if ((Get-HostRegistryValue $path 'SchUseStrongCrypto') -ne 1) {
                        $weak = $weak + ($path -replace '^HKLM:\\SOFTWARE\\', '')
                    }
                }
            }
        }
    }
    $oldIsOff = ((Get-HostRegistryValue "$($Rules.SchannelKey)\TLS 1.0\Client" 'Enabled') -eq 0)
    if ($oldIsOff -and $weak.Count) {
        return @{ Status = 'fail'; Value = "TLS 1.0 is off, and SchUseStrongCrypto is not 1 in $($weak -join ', ')" }
    }
    if ((Get-HostRegistryValue $client 'DisabledByDefault') -eq 1) {
        return @{ Status = 'warn'; Value = 'TLS 1.2 is not used by default' }
    }
    if ($weak.Count) {
        return @{ Status = 'ok'; Value = 'TLS 1.2 is not switched off; strong cryptography as the system has it' }
    }
    return @{ Status = 'ok'; Value = 'TLS 1.2 is not switched off; strong cryptography is set' }
}

function Test-HostServices {
    param($Rules)
    $stopped = @()
    foreach ($name in $Rules.OtherServices) {
        $service = Get-HostService $name
        if ($null -eq $service) {
            $stopped = $stopped + "$name is not there"
        }
        elseif ("$($service.State)" -ne 'Running') {
            $stopped = $stopped + "$name is $($service.State)"
        }
    }
    if ($stopped.Count) {
        return @{ Status = 'warn'; Value = ($stopped -join ', ') }
    }
    return @{ Status = 'ok'; Value = "$($Rules.OtherServices -join ', ') run" }
}

function Test-HostSwitches {
    # Without rights the list is empty, and no error is raised: then nothing is known.
    $names = @(foreach ($each in @(Get-VMSwitch -ErrorAction Stop)) { "$($each.Name)" })
    $wrong = @($names | Where-Object { $_ -and $_.Contains('#') })
    if ($wrong.Count) {
        return @{ Status = 'fail'; Value = ($wrong -join ', ') }
    }
    if (-not $names.Count -and ((Test-HostElevated).Status -ne 'ok')) {
        throw 'No switch was told, and that may be for lack of rights.'
    }
    return @{ Status = 'ok'; Value = "$($names.Count) switches, none with #" }
}

function Test-HostClock {
    # The words of w32tm are in the language of the system; the signed figure is not.
    param($Rules)
    $lines = w32tm.exe /stripchart "/computer:$($Rules.TimeServer)" /dataonly /samples:3
    $best = $null
    foreach ($found in [regex]::Matches(($lines -join ' '), '([+-]\d+)[.,](\d+)s')) {
        $seconds = [double]("$($found.Groups[1].Value).$($found.Groups[2].Value)")
        if ($seconds -lt 0) {
            $seconds = 0 - $seconds
        }
        if (($null -eq $best) -or ($seconds -lt $best)) {
            $best = $seconds
        }
    }
    if ($null -eq $best) {
        throw "$($Rules.TimeServer) did not tell the time; UDP 123 may be closed."
    }
    $shown = "$([long]($best * 10) / 10) s off $($Rules.TimeServer)"
    if ($best -gt $Rules.ClockMost) {
        return @{ Status = 'fail'; Value = $shown }
    }
    if ($best -gt $Rules.ClockCare) {
        return @{ Status = 'warn'; Value = $shown }
    }
    return @{ Status = 'ok'; Value = $shown }
}

function Test-HostSpace {
    param($Rules)
    $disk = Get-CimInstance -ClassName Win32_LogicalDisk -Filter "DeviceID='$env:SystemDrive'" -ErrorAction Stop
    if ($null -eq $disk.FreeSpace) {
        throw "$env:SystemDrive does not tell its free space."
    }
    $shown = "$([long]($disk.FreeSpace / 1gb)) GiB free on $env:SystemDrive"
    if ($disk.FreeSpace -lt ($Rules.InstallGib * 1gb)) {
        return @{ Status = 'fail'; Value = "$shown, $($Rules.InstallGib) wanted" }
    }
    return @{ Status = 'ok'; Value = $shown }
}

function Test-HostRestart {
    $windows = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion'
    $control = 'HKLM:\SYSTEM\CurrentControlSet\Control'
    $reasons = @()
    if (Test-Path -LiteralPath "$windows\Component Based Servicing\RebootPending") {
        $reasons = $reasons + 'components of Windows'
    }
    if (Test-Path -LiteralPath "$windows\WindowsUpdate\Auto Update\RebootRequired") {
        $reasons = $reasons + 'updates of Windows'
    }
    # A value of that key, not a key of its own.
    if (Get-HostRegistryValue "$control\Session Manager" 'PendingFileRenameOperations') {
        $reasons = $reasons + 'files to be renamed'
    }
    $active = Get-HostRegistryValue "$control\ComputerName\ActiveComputerName" 'ComputerName'
    $coming = Get-HostRegistryValue "$control\ComputerName\ComputerName" 'ComputerName'
    if ("$active" -ne "$coming") {
        $reasons = $reasons + "a new name, $coming"
    }
    if ($reasons.Count) {
        return @{ Status = 'warn'; Value = "waiting for a restart: $($reasons -join ', ')" }
    }
    return @{ Status = 'ok'; Value = 'no restart is waiting' }
}

function Test-HostOtherTools {
    param($Rules)
    $found = @()
    foreach ($tool in $Rules.OtherTools) {
        if ($null -ne (Get-HostService $tool.Service)) {
            $found = $found + "$($tool.Service), $($tool.Name). $($tool.Advice)"
        }
    }
    if ($found.Count) {
        return @{ Status = 'fail'; Value = ($found -join ' ') }
    }
    # The agent is shared with Azure Backup: without the Provider it may be Backup's, or left by a setup that broke off.
    if (($null -ne (Get-HostService $Rules.AgentService)) -and ($null -eq (Get-HostService $Rules.ProviderService))) {
        $found = "$($Rules.AgentService) without the Provider: see whether Azure Backup uses it"
        return @{ Status = 'warn'; Value = $found }
    }
    return @{ Status = 'ok'; Value = 'none of those that are looked for' }
}

function Test-HostProvider {
    param($Rules)
    $version = Get-HostFileVersion "$env:ProgramFiles\$($Rules.ProviderFolder)\$($Rules.Configurator)"
    $agent = Get-HostFileVersion "$env:ProgramFiles\$($Rules.AgentProgram)"
    $services = @(foreach ($name in @($Rules.ProviderService, $Rules.AgentService)) {
        $service = Get-HostService $name
        if ($null -ne $service) {
            "$name is $($service.State)"
        }
    })
    if (-not $version -and -not $agent -and -not $services.Count) {
        return @{ Status = 'ok'; Value = 'not installed' }
    }
    $shown = "Provider $version, agent $agent, $($services -join ', ')"
    if (-not $version -or -not $agent -or ($services.Count -lt 2)) {
        return @{ Status = 'warn'; Value = "installed in part: $shown" }
    }
    if (@($services | Where-Object { $_ -notlike '* is Running' }).Count) {
        return @{ Status = 'warn'; Value = $shown }
    }
    return @{ Status = 'ok'; Value = $shown }
}

function Get-HostRegistration {
    # none, here, elsewhere (or where is not told), remains. Marks are ids of vault or site, or an earlier trace: the
    # host's id with the registration's certificates, which are new with each registration.
    param($Rules, $Marks)
    $key = "$($Rules.RegistrationKey)\$($Rules.RegistrationName)"
    $store = 'Cert:\LocalMachine\My'
    $certificates = @(foreach ($certificate in @(Get-ChildItem -LiteralPath $store -ErrorAction Stop)) {
        foreach ($beginning in $Rules.Certificates) {
            if ("$($certificate.FriendlyName)" -like "$beginning*") {
                "$($certificate.Thumbprint)"
            }
        }
    })
    $hostId = "$(Get-HostRegistryValue $Rules.RegistrationKey $Rules.HostIdName)"
    $trace = ''
    if ($hostId -and $certificates.Count) {
        $trace = "$hostId $(@($certificates | Sort-Object) -join ' ')".ToLowerInvariant()
    }
    $values = @()
    if (Test-Path -LiteralPath $key) {
        # Read to be compared with the marks, and given to nobody.
        $places = @($key) + @(Get-ChildItem -LiteralPath $key -Recurse -ErrorAction Stop | ForEach-Object { $_.PSPath })
        $values = @(foreach ($place in $places) {
            foreach ($property in @((Get-ItemProperty -LiteralPath $place -ErrorAction Stop).PSObject.Properties)) {
                if ("$($property.Name)" -and ("$($property.Name)" -notlike 'PS*')) {
                    "$($property.Value)".ToLowerInvariant()
                }
            }
        })
    }
    if (-not $values.Count) {
        if ($certificates.Count -or $hostId) {
            return @{ State = 'remains'; Trace = $trace }
        }
        return @{ State = 'none'; Trace = '' }
    }
    $told = (@($values) + $trace) -join ' '
    foreach ($mark in @($Marks)) {
        if ($mark -and $told.Contains("$mark".ToLowerInvariant())) {
            return @{ State = 'here'; Trace = $trace }
        }
    }
    return @{ State = 'elsewhere'; Trace = $trace }
}

function Test-HostRegistration {
    # Without a plan nobody says where the host belongs.
    param($Rules, $Plan, $Marks)
    $found = Get-HostRegistration $Rules $Marks
    if ($found.State -eq 'none') {
        return @{ Status = 'ok'; Value = 'not registered' }
    }
    if ($found.State -eq 'here') {
        return @{ Status = 'ok'; Value = 'already registered in this vault' }
    }
    if ($found.State -eq 'remains') {
        return @{ Status = 'fail'; Value = 'remains of an earlier registration' }
    }
    if ($null -eq $Plan) {
        return @{ Status = 'warn'; Value = 'registered; in which vault is not told' }
    }
    return @{ Status = 'fail'; Value = 'registered, and nothing there names this vault or site' }
}

function Test-HostInstaller {
    # Whoever runs a program as administrator wants to know whose it is.
    param($Rules, [string]$Path)
    if (-not $Path -or -not (Test-Path -LiteralPath $Path -PathType Leaf)) {
        if (Get-HostFileVersion "$env:ProgramFiles\$($Rules.ProviderFolder)\$($Rules.Configurator)") {
            return @{ Status = 'skipped'; Value = 'the Provider is installed already' }
        }
        return @{ Status = 'fail'; Value = "there is no file $($Rules.Installer)" }
    }
    $signature = Get-AuthenticodeSignature -FilePath $Path -ErrorAction Stop
    $signer = "$($signature.SignerCertificate.Subject)"
    if (("$($signature.Status)" -ne 'Valid') -or ($signer -notmatch 'O=Microsoft Corporation(,|$)')) {
        return @{ Status = 'fail'; Value = "its signature is $($signature.Status), by $signer" }
    }
    return @{ Status = 'ok'; Value = "signed by Microsoft, version $(Get-HostFileVersion $Path)" }
}

function Get-HostKeyContent {
    # What the key file says of itself; nothing of it that is secret.
    param([string]$Path)
    $key = [xml](Get-Content -LiteralPath $Path -Raw -Encoding UTF8 -ErrorAction Stop)
    $root = $key.RSVaultAsrCreds
    if ($null -eq $root) {
        throw 'This is no registration key of Site Recovery.'
    }
    return @{
        Vault = "$($root.VaultDetails.ResourceName)"
        VaultId = "$($root.VaultDetails.ResourceId)"
        Site = "$($root.SiteName)"
        SiteId = "$($root.SiteId)"
        Addresses = @("$($root.AadDetails.AadAuthority)", "$($root.AadDetails.ArmManagementEndpoint)")
    }
}

function Test-HostKey {
    param($Plan, [string]$Path)
    if (-not $Path) {
        return @{ Status = 'fail'; Value = 'there is no registration key (*.VaultCredentials) beside the script' }
    }
    if (-not (Test-Path -LiteralPath $Path -PathType Leaf)) {
        return @{ Status = 'fail'; Value = "there is no file $Path" }
    }
    $key = Get-HostKeyContent $Path
    if ($key.Vault -ne $Plan.Vault) {
        return @{ Status = 'fail'; Value = "the key is for the vault $($key.Vault), not for $($Plan.Vault)" }
    }
    $isOther = ($key.Site -ne $Plan.Site)
    if ($Plan.SiteId) {
        $isOther = ($key.SiteId -ne $Plan.SiteId)
    }
    if ($isOther) {
        return @{ Status = 'fail'; Value = "the key is for the site $($key.Site), not for $($Plan.Site)" }
    }
    # Its own end is known to whoever made it; else its name tells when it was made, or at last the file.
    $now = (Get-Date).ToUniversalTime()
    $made = (Get-Item -LiteralPath $Path -ErrorAction Stop).LastWriteTimeUtc
    $how = 'by the time of the file'
    if ((Split-Path -Path $Path -Leaf) -match '_(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})') {
        # The name tells UTC. Read without a zone, its figures stay as they are.
        $made = [datetime]"$($Matches[1])T$($Matches[2]):$($Matches[3]):$($Matches[4])"
        $how = 'by the name of the file'
    }
    $end = $made.AddHours($Plan.KeyHours)
    if ($Plan.KeyEnd) {
        $end = [datetime]$Plan.KeyEnd
        $how = 'as its maker said'
    }
    $left = ($end.Ticks - $now.Ticks) / 36000000000
    if ($left -le 0) {
        return @{ Status = 'fail'; Value = "the key has ended, $how" }
    }
    return @{ Status = 'ok'; Value = "$([long]$left) hours left, $how" }
}

function Test-HostSecretLogs {
    # The setup takes the proxy's password on its command line. It must not be written down there.
    param($Plan)
    if (-not $Plan.ProxyUser) {
        return @{ Status = 'skipped'; Value = 'no password is needed' }
    }
    $audit = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Audit'
    if ((Get-HostRegistryValue $audit 'ProcessCreationIncludeCmdLine_Enabled') -eq 1) {
        return @{ Status = 'fail'; Value = 'the security log keeps command lines' }
    }
    if ("$($ExecutionContext.SessionState.LanguageMode)" -ne 'FullLanguage') {
        return @{ Status = 'fail'; Value = 'in this language mode PowerShell itself may log the password' }
    }
    return @{ Status = 'ok'; Value = 'the security log keeps no command lines' }
}

function Get-HostAnswer {
    # The code that an address answers with, whatever it is; 0 where there is no answer.
    param([string]$Name, [string]$Proxy, $Credential)
    $isFull = ("$($ExecutionContext.SessionState.LanguageMode)" -eq 'FullLanguage')
    $before = $null
    if ($isFull) {
        # Older builds offer TLS 1.0 alone, and then it is the question that fails. For this process, and put back.
        $before = [Net.ServicePointManager]::SecurityProtocol
        [Net.ServicePointManager]::SecurityProtocol = $before -bor 3072
    }
    $request = @{
        Uri = "https://$Name/"
        Method = 'Head'
        UseBasicParsing = $true
        TimeoutSec = 20
        MaximumRedirection = 0
        ErrorAction = 'SilentlyContinue'
    }
    if ($Proxy) {
        $request['Proxy'] = $Proxy
        if ($null -ne $Credential) {
            $request['ProxyCredential'] = $Credential
        }
    }
    $answer = @{ Code = 0; Problem = 'no answer' }
    try {
        $answer['Code'] = [int](Invoke-WebRequest @request).StatusCode
    }
    catch {
        $answer['Problem'] = "$($_.Exception.Message)"
        if ($null -ne $_.Exception.Response) {
            $answer['Code'] = [int]$_.Exception.Response.StatusCode
        }
    }
    finally {
        if ($isFull) {
            [Net.ServicePointManager]::SecurityProtocol = $before
        }
    }
    return $answer
}

function Get-HostProxies {
    # What may stand for "the proxy of this host": the settings of this account, and those of services (WinHTTP).
    $proxies = @('')
    # The words of netsh are in the language of the system; name and port are not.
    $told = (netsh.exe winhttp show proxy) -join ' '
    if ($told -match '([A-Za-z0-9][A-Za-z0-9.-]*):(\d+)') {
        $proxies = $proxies + "http://$($Matches[1]):$($Matches[2])"
    }
    return $proxies
}

function Test-HostAddress {
    # Straight away by opening a connection; through a proxy by asking: any answer of the address itself will do.
    param([string]$Name, $Plan, $Credential)
    if ($Plan.ProxyKind -eq 'direct') {
        $test = Test-NetConnection -ComputerName $Name -Port 443 -WarningAction SilentlyContinue
        if ($test.TcpTestSucceeded) {
            return @{ Status = 'ok'; Value = 'reached' }
        }
        return @{ Status = 'fail'; Value = 'no connection to port 443' }
    }
    $proxies = @("$($Plan.ProxyUrl):$($Plan.ProxyPort)")
    if ($Plan.ProxyKind -eq 'existing') {
        $proxies = @(Get-HostProxies)
    }
    $problems = @()
    foreach ($proxy in $proxies) {
        $through = 'with the settings of this account'
        if ($proxy) {
            $through = "through $proxy"
        }
        $answer = Get-HostAnswer $Name $proxy $Credential
        if ($answer.Code -eq 407) {
            $problems = $problems + "the proxy wants another user or password (407), $through"
        }
        elseif (@(403, 502, 503, 504) -contains $answer.Code) {
            return @{ Status = 'warn'; Value = "answer $($answer.Code) $through, which may be the proxy's own" }
        }
        elseif ($answer.Code -gt 0) {
            return @{ Status = 'ok'; Value = "reached $through" }
        }
        else {
            $problems = $problems + "$($answer.Problem), $through"
        }
    }
    $told = $problems -join '; '
    if ($Plan.ProxyKind -eq 'existing') {
        throw "No answer, but the Provider's service may have other settings than this account: $told"
    }
    if ("$($ExecutionContext.SessionState.LanguageMode)" -ne 'FullLanguage') {
        throw "No answer, which may be this session's TLS: $told"
    }
    return @{ Status = 'fail'; Value = $told }
}

function Invoke-HostChecks {
    # All of them; with a plan also those that need to know what is to be set up.
    param($Plan, [string]$KeyFile, [string]$Installer, $Marks, $Credential)
    $rules = Get-HostRules
    $edition = ''
    if ($null -ne $Plan) {
        $edition = $Plan.Edition
    }
    Invoke-HostCheck 'elevated' 'whoami' { Test-HostElevated }
    Invoke-HostCheck 'bits' 'environment' { Test-HostBits }
    Invoke-HostCheck 'language_mode' 'session' { Test-HostLanguageMode }
    Invoke-HostCheck 'system' 'Win32_OperatingSystem' { Test-HostSystem $rules }
    Invoke-HostCheck 'updates' 'Get-HotFix' { Test-HostUpdates $rules }
    Invoke-HostCheck 'edition' 'registry' { Test-HostEdition $edition }
    Invoke-HostCheck 'role' 'services, features' { Test-HostRole $rules }
    Invoke-HostCheck 'not_a_dc' 'Win32_ComputerSystem' { Test-HostNotDomainController }
    Invoke-HostCheck 'dotnet' 'registry' { Test-HostDotnet $rules }
    Invoke-HostCheck 'tls' 'registry' { Test-HostTls $rules }
    Invoke-HostCheck 'services' 'services' { Test-HostServices $rules }
    Invoke-HostCheck 'switches' 'Get-VMSwitch' { Test-HostSwitches }
    Invoke-HostCheck 'clock' 'w32tm' { Test-HostClock $rules }
    Invoke-HostCheck 'space' 'Win32_LogicalDisk' { Test-HostSpace $rules }
    Invoke-HostCheck 'restart' 'registry' { Test-HostRestart }
    Invoke-HostCheck 'no_other_tool' 'services' { Test-HostOtherTools $rules }
    Invoke-HostCheck 'provider' 'files, services' { Test-HostProvider $rules }
    Invoke-HostCheck 'registration' 'registry, certificates' { Test-HostRegistration $rules $Plan $Marks }
    if ($null -eq $Plan) {
        return
    }
    Invoke-HostCheck 'name' 'environment' { Test-HostName $Plan }
    Invoke-HostCheck 'key' 'file' { Test-HostKey $Plan $KeyFile }
    Invoke-HostCheck 'installer' 'file' { Test-HostInstaller $rules $Installer }
    Invoke-HostCheck 'secrets' 'registry' { Test-HostSecretLogs $Plan }
    $names = @($Plan.Addresses)
    try {
        # The key names the vault's own addresses, which stand behind the wildcards of the lists.
        foreach ($address in (Get-HostKeyContent $KeyFile).Addresses) {
            if ($address -match '^https://([A-Za-z0-9.-]+)') {
                $names = $names + $Matches[1]
            }
        }
    }
    catch {
        # The check of the key says what is wrong with it.
        $names = @($Plan.Addresses)
    }
    foreach ($name in @($names | Select-Object -Unique)) {
        Invoke-HostCheck "address.$name" 'port 443' { Test-HostAddress $name $Plan $Credential }
    }
    foreach ($name in @($Plan.Wildcards)) {
        Invoke-HostCheck "address.$name" 'list' { @{ Status = 'skipped'; Value = 'a wildcard; let it through' } }
    }
    foreach ($name in @($Plan.OptionalAddresses)) {
        Invoke-HostCheck "optional_address.$name" 'port 443' { Test-HostAddress $name $Plan $Credential }
    }
}
