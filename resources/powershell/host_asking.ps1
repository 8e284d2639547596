function Get-HostRules {
    # Figures, names and places, with their documents in the program's table of rules.
    return {{host_rules}}
}

function Get-HostRegistryValue {
    # Nothing where key or value is absent: that is the system's default, not "off".
    param([string]$Path, [string]$Name)
    if (-not (Test-Path -LiteralPath $Path)) {
        return $null
    }
    return (Get-ItemProperty -LiteralPath $Path -ErrorAction Stop).$Name
}

function Get-HostService {
    # Nothing where there is no such service.
    param([string]$Name)
    return Get-CimInstance -ClassName Win32_Service -Filter "Name='$Name'" -ErrorAction Stop
}

function Test-HostElevated {
    # By the identifier of the high and system integrity levels; their names are in the language of the system.
    $groups = (whoami.exe /groups /fo csv /nh) -join ' '
    if ($groups -notmatch 'S-1-16-') {
        throw 'whoami told no integrity level.'
    }
    if ($groups -match 'S-1-16-(12288|16384)') {
        return @{ Status = 'ok'; Value = 'elevated' }
    }
    return @{ Status = 'fail'; Value = 'not elevated' }
}

function Test-HostName {
    # The first 15 letters of the first label: Windows' own name of a computer has no more.
    param($Plan)
    $wanted = @("$($Plan.ComputerName)" -split '\.')[0]
    if ($wanted.Length -gt 15) {
        $wanted = $wanted.Substring(0, 15)
    }
    if ("$env:COMPUTERNAME" -ne $wanted) {
        return @{ Status = 'fail'; Value = "this is $env:COMPUTERNAME, and the script is for $($Plan.ComputerName)" }
    }
    return @{ Status = 'ok'; Value = "$env:COMPUTERNAME" }
}
