<#
.SYNOPSIS
    Tells what this Hyper-V host, or every node of its cluster, is like before anything is installed on it.

.DESCRIPTION
    Reads only. Nothing is installed, configured or switched on, and no virtual machine or disk is touched. It writes one
    file, in the folder of this script. Take that file to Site Recovery Desk: Source, Import readiness files.

    The file holds names of hosts, machines, disks and networks, their addresses and sizes. It holds no password and no
    key.

    Run it in Windows PowerShell as an administrator. Without those rights much stays unknown, and the file says so.

.PARAMETER ChurnMinutes
    Measures for that long what the machines write, every 15 seconds. 15 minutes show that it works; a week shows what
    the line has to carry. It may be stopped with Ctrl+C: what was measured until then counts.

.PARAMETER OutFile
    Where to write, instead of the folder of this script.
#>
[CmdletBinding()]
param(
    [ValidateRange(0, 89280)]
    [int]$ChurnMinutes = 0,

    [string]$OutFile = ''
)

Set-StrictMode -Off
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$ScriptVersion = '{{script_version}}'
$LargestFile = {{max_bytes}}
$SampleSeconds = 15

# Runs on each host and gives back JSON: what travels between hosts loses its types, text does not.
$Collect = {
    Set-StrictMode -Off
    $ErrorActionPreference = 'Stop'
    $ProgressPreference = 'SilentlyContinue'

    {{host_checks}}

    {{text_functions}}

    function Test-Elevated {
        # By the identifier of the high integrity level; its name is in the language of the system.
        try {
            $groups = (whoami.exe /groups /fo csv /nh) -join ' '
            return [bool]($groups -match 'S-1-16-(12288|16384)')
        }
        catch {
            return $null
        }
    }

    function Get-DiskFile {
        # Get-VHD may read brackets in a name as a pattern.
        param([string]$Path)
        try {
            return Get-VHD -Path $Path
        }
        catch {
            if ($Path -notmatch '[\[\]]') {
                throw
            }
            return Get-VHD -Path ($Path -replace '([\[\]])', '`$1')
        }
    }

    function Get-DiskFacts {
        param($Drive, $BootPath)
        $path = ConvertTo-PlainText $Drive.Path
        $facts = [ordered]@{
            path = $path
            disk_number = $Drive.DiskNumber
            is_shared = $Drive.SupportPersistentReservations
            size = $null
            file_size = $null
            format = $null
            growth = $null
            logical_sector = $null
            physical_sector = $null
            controller = "$($Drive.ControllerType) $($Drive.ControllerNumber):$($Drive.ControllerLocation)"
            is_boot = $null
            chain = @()
            error = $null
        }
        if ($null -ne $BootPath) {
            $facts['is_boot'] = ($path -eq $BootPath)
        }
        if (-not $path) {
            return [pscustomobject]$facts
        }
        $facts['disk_number'] = $null
        try {
            $file = Get-DiskFile $path
            $facts['size'] = $file.Size
            $facts['format'] = ConvertTo-PlainText $file.VhdFormat
            $facts['growth'] = ConvertTo-PlainText $file.VhdType
            $facts['logical_sector'] = $file.LogicalSectorSize
            $facts['physical_sector'] = $file.PhysicalSectorSize
            $total = [long]$file.FileSize
            $chain = @()
            $parent = ConvertTo-PlainText $file.ParentPath
            while ($parent -and ($chain.Count -lt 50)) {
                $chain = $chain + $parent
                $below = Get-DiskFile $parent
                $total = $total + [long]$below.FileSize
                $parent = ConvertTo-PlainText $below.ParentPath
            }
            $facts['chain'] = @($chain)
            $facts['file_size'] = $total
        }
        catch {
            $facts['error'] = "$($_.Exception.Message)"
        }
        return [pscustomobject]$facts
    }

    function Get-BootPath {
        # The file of the disk that the machine starts from; nothing where that is not told.
        param($Machine)
        if ($Machine.Generation -eq 2) {
            foreach ($entry in @((Get-VMFirmware -VM $Machine).BootOrder)) {
                if ($entry.Device.Path -match '\.a?vhdx?$|\.vhds$') {
                    return "$($entry.Device.Path)"
                }
            }
            return $null
        }
        $first = Get-VMHardDiskDrive -VM $Machine -ControllerType IDE -ControllerNumber 0 -ControllerLocation 0
        return ConvertTo-PlainText $first.Path
    }

    function Get-GuestNames {
        # What running guests call their system, by the machine's id.
        $names = @{}
        $components = Get-CimInstance -Namespace 'root\virtualization\v2' -ClassName Msvm_KvpExchangeComponent
        foreach ($component in @($components)) {
            foreach ($item in @($component.GuestIntrinsicExchangeItems)) {
                if (($item -match 'NAME="Name"[^>]*>\s*<VALUE>OSName</VALUE>') -and
                    ($item -match 'NAME="Data"[^>]*>\s*<VALUE>([^<]*)</VALUE>')) {
                    $name = $Matches[1] -replace '&lt;', '<' -replace '&gt;', '>' -replace '&quot;', '"'
                    $names["$($component.SystemName)".ToLowerInvariant()] = $name -replace '&amp;', '&'
                }
            }
        }
        return $names
    }

    function Get-ReplicaFacts {
        param($Machine)
        $mode = "$($Machine.ReplicationMode)"
        if (($mode -eq '') -or ($mode -eq 'None')) {
            return $null
        }
        $facts = [ordered]@{
            mode = $mode
            state = ConvertTo-PlainText $Machine.ReplicationState
            health = ConvertTo-PlainText $Machine.ReplicationHealth
            replica_server = $null
            provider = $null
        }
        try {
            $replica = @(Get-VMReplication -VM $Machine)[0]
            $server = $replica.ReplicaServer
            if (-not $server) {
                $server = $replica.ReplicaServerName
            }
            $facts['replica_server'] = ConvertTo-PlainText $server
            $facts['provider'] = ConvertTo-PlainText $replica.ReplicationProvider
        }
        catch {
            $facts['state'] = ConvertTo-PlainText $Machine.ReplicationState
        }
        return [pscustomobject]$facts
    }

    function Get-MachineFacts {
        # Each part by itself: what fails costs itself only, and is told.
        param($Machine, $GuestNames)
        $problems = [ordered]@{}
        $id = "$($Machine.Id)".ToLowerInvariant()
        $isSecond = ($Machine.Generation -eq 2)
        $boot = $null
        try {
            $boot = Get-BootPath $Machine
        }
        catch {
            $problems['boot disk'] = "$($_.Exception.Message)"
        }
        $disks = $null
        try {
            $disks = @(foreach ($drive in @(Get-VMHardDiskDrive -VM $Machine)) {
                Get-DiskFacts $drive $boot
            })
        }
        catch {
            $problems['disks'] = "$($_.Exception.Message)"
        }
        $nics = $null
        try {
            $nics = @(foreach ($nic in @(Get-VMNetworkAdapter -VM $Machine)) {
                $addresses = @(foreach ($address in @($nic.IPAddresses)) {
                    if ($address) {
                        "$address"
                    }
                })
                [pscustomobject][ordered]@{
                    name = ConvertTo-PlainText $nic.Name
                    mac = ConvertTo-PlainText $nic.MacAddress
                    switch = ConvertTo-PlainText $nic.SwitchName
                    is_legacy = [bool]$nic.IsLegacy
                    addresses = @($addresses)
                }
            })
        }
        catch {
            $problems['network adapters'] = "$($_.Exception.Message)"
        }
        $checkpoints = $null
        try {
            $checkpoints = @(foreach ($checkpoint in @(Get-VMSnapshot -VM $Machine)) {
                if ("$($checkpoint.SnapshotType)" -notmatch 'Replica') {
                    "$($checkpoint.Name)"
                }
            })
        }
        catch {
            $problems['checkpoints'] = "$($_.Exception.Message)"
        }
        $integration = $null
        try {
            $integration = @(foreach ($service in @(Get-VMIntegrationService -VM $Machine)) {
                [pscustomobject][ordered]@{
                    component = ("$($service.Id)" -split '\\')[-1]
                    is_enabled = [bool]$service.Enabled
                }
            })
        }
        catch {
            $problems['integration services'] = "$($_.Exception.Message)"
        }
        $channels = $null
        try {
            $channels = @(Get-VMFibreChannelHba -VM $Machine).Count
        }
        catch {
            $problems['Fibre Channel'] = "$($_.Exception.Message)"
        }
        $secure = $null
        try {
            if ($isSecond) {
                $secure = ("$((Get-VMFirmware -VM $Machine).SecureBoot)" -eq 'On')
            }
        }
        catch {
            $problems['firmware'] = "$($_.Exception.Message)"
        }
        $shielded = $null
        try {
            if ($isSecond -and (Get-Command -Name Get-VMSecurity -ErrorAction SilentlyContinue)) {
                $shielded = [bool](Get-VMSecurity -VM $Machine).Shielded
            }
        }
        catch {
            $problems['security'] = "$($_.Exception.Message)"
        }
        foreach ($disk in @($disks)) {
            if ($disk -and $disk.error) {
                $problems["disk $($disk.path)"] = $disk.error
            }
        }
        return [pscustomobject][ordered]@{
            id = $id
            name = "$($Machine.Name)"
            state = "$($Machine.State)"
            generation = $Machine.Generation
            configuration = ConvertTo-PlainText $Machine.Version
            cores = $Machine.ProcessorCount
            memory = $Machine.MemoryStartup
            is_clustered = $Machine.IsClustered
            guest_os = $GuestNames[$id]
            disks = $disks
            nics = $nics
            checkpoints = $checkpoints
            integration = $integration
            integration_state = ConvertTo-PlainText $Machine.IntegrationServicesState
            fibre_channel = $channels
            secure_boot = $secure
            is_shielded = $shielded
            replica = Get-ReplicaFacts $Machine
            problems = @(foreach ($part in @($problems.Keys)) { "${part}: $($problems[$part])" })
        }
    }

    function Get-HostFacts {
        $problems = [ordered]@{}
        $computer = Get-CimInstance -ClassName Win32_ComputerSystem
        $system = Get-CimInstance -ClassName Win32_OperatingSystem
        $name = "$env:COMPUTERNAME"
        $fqdn = $null
        if ($computer.PartOfDomain) {
            $fqdn = "$($computer.DNSHostName).$($computer.Domain)".ToLowerInvariant()
        }
        $checks = $null
        try {
            $checks = @(Invoke-HostChecks)
        }
        catch {
            $problems['checks'] = "$($_.Exception.Message)"
        }
        $volumes = $null
        try {
            $volumes = @(foreach ($volume in @(Get-CimInstance -ClassName Win32_Volume -Filter 'DriveType=3')) {
                if (($volume.Name -notlike '\\*') -and ("$($volume.FileSystem)" -ne 'CSVFS')) {
                    [pscustomobject][ordered]@{
                        path = "$($volume.Name)"
                        size = $volume.Capacity
                        free = $volume.FreeSpace
                        file_system = ConvertTo-PlainText $volume.FileSystem
                    }
                }
            })
        }
        catch {
            $problems['volumes'] = "$($_.Exception.Message)"
        }
        $switches = $null
        try {
            $switches = @(foreach ($virtual in @(Get-VMSwitch)) {
                [pscustomobject][ordered]@{
                    name = "$($virtual.Name)"
                    kind = "$($virtual.SwitchType)"
                }
            })
        }
        catch {
            $problems['switches'] = "$($_.Exception.Message)"
        }
        $guests = @{}
        try {
            $guests = Get-GuestNames
        }
        catch {
            $problems['guest systems'] = "$($_.Exception.Message)"
        }
        $machines = $null
        try {
            $machines = @(foreach ($machine in @(Get-VM)) {
                Get-MachineFacts $machine $guests
            })
        }
        catch {
            $problems['machines'] = "$($_.Exception.Message)"
        }
        return [pscustomobject][ordered]@{
            name = $name
            fqdn = $fqdn
            is_reached = $true
            problem = (@(foreach ($part in @($problems.Keys)) { "${part}: $($problems[$part])" }) -join '; ')
            ended = Get-UtcText
            is_elevated = Test-Elevated
            language_mode = "$($ExecutionContext.SessionState.LanguageMode)"
            powershell = "$($PSVersionTable.PSVersion)"
            is_64_bit = ("$env:PROCESSOR_ARCHITECTURE" -ne 'x86')
            culture = "$(Get-Culture)"
            ui_culture = "$(Get-UICulture)"
            system = [pscustomobject][ordered]@{
                caption = "$($system.Caption)".Trim()
                build = [int]$system.BuildNumber
                product_type = $system.ProductType
                model = "$($computer.Manufacturer) $($computer.Model)".Trim()
                memory = $computer.TotalPhysicalMemory
            }
            checks = @($checks | Where-Object { $null -ne $_ })
            volumes = @($volumes | Where-Object { $null -ne $_ })
            switches = @($switches | Where-Object { $null -ne $_ })
            machines = $machines
        }
    }

    ConvertTo-JsonText (Get-HostFacts)
}

# Runs on each host: one row for each virtual disk in use. Rates a second; counters of the class are never translated.
$Measure = {
    Set-StrictMode -Off
    $ErrorActionPreference = 'Stop'
    $class = 'Win32_PerfFormattedData_Counters_HyperVVirtualStorageDevice'
    $rows = $null
    try {
        $rows = @(foreach ($disk in @(Get-CimInstance -ClassName $class)) {
            [pscustomobject]@{
                source = 'wmi'
                instance = "$($disk.Name)"
                values = @([double]$disk.WriteBytesPersec, [double]$disk.WriteOperationsPerSec,
                    [double]$disk.ReadBytesPersec, [double]$disk.ReadOperationsPerSec)
            }
        })
    }
    catch {
        $rows = $null
    }
    if ($null -eq $rows) {
        # The names of counters are in the language of the system: the registry lists both languages by number.
        $perflib = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Perflib'
        $english = @((Get-ItemProperty -LiteralPath "$perflib\009").Counter)
        $local = @((Get-ItemProperty -LiteralPath "$perflib\CurrentLanguage").Counter)
        $localNames = @{}
        for ($place = 0; $place + 1 -lt $local.Count; $place = $place + 2) {
            $localNames[$local[$place]] = $local[$place + 1]
        }
        # One English name may have several numbers: each is tried.
        $setName = 'Hyper-V Virtual Storage Device'
        $wanted = @('Write Bytes/sec', 'Write Operations/sec', 'Read Bytes/sec', 'Read Operations/sec')
        $names = @{}
        for ($place = 0; $place + 1 -lt $english.Count; $place = $place + 2) {
            $name = $english[$place + 1]
            if (($name -eq $setName) -or ($wanted -contains $name)) {
                $names[$name] = @($names[$name]) + $localNames[$english[$place]]
            }
        }
        $set = $null
        $listed = @()
        foreach ($candidate in @($names[$setName] | Where-Object { $_ })) {
            if (-not $set) {
                $listed = @((Get-Counter -ListSet $candidate -ErrorAction SilentlyContinue).Counter)
                if ($listed.Count -and $listed[0]) {
                    $set = $candidate
                }
            }
        }
        if (-not $set) {
            throw 'This host has no counters of virtual disks.'
        }
        $counters = @(foreach ($name in $wanted) {
            foreach ($candidate in @($names[$name] | Where-Object { $_ })) {
                if ($listed -contains "\$set(*)\$candidate") {
                    "\$candidate".ToLowerInvariant()
                    break
                }
            }
        })
        if ($counters.Count -ne 4) {
            throw 'This host does not count what its virtual disks write and read.'
        }
        $paths = @(foreach ($counter in $counters) { "\$set(*)$counter" })
        $found = @{}
        foreach ($sample in @((Get-Counter -Counter $paths).CounterSamples)) {
            if (-not $found.ContainsKey($sample.InstanceName)) {
                $found[$sample.InstanceName] = @(0.0, 0.0, 0.0, 0.0)
            }
            foreach ($place in @(0, 1, 2, 3)) {
                if ("$($sample.Path)".ToLowerInvariant().EndsWith($counters[$place])) {
                    $found[$sample.InstanceName][$place] = [double]$sample.CookedValue
                }
            }
        }
        $rows = @(foreach ($instance in @($found.Keys)) {
            [pscustomobject]@{
                source = 'counter'
                instance = "$instance"
                values = $found[$instance]
            }
        })
    }
    foreach ($row in $rows) {
        if ($row.instance -match '\.(a?vhdx?|vhds)(#\d+)?$') {
            $row
        }
    }
}

{{text_functions}}

function Get-UnreachedHost {
    param([string]$Name, [string]$Problem)
    return ConvertTo-JsonText ([pscustomobject][ordered]@{
        name = $Name
        is_reached = $false
        problem = $Problem
        ended = Get-UtcText
    })
}

function Get-ClusterFacts {
    # Nothing where the host is no node of a cluster.
    $service = Get-Service -Name ClusSvc -ErrorAction SilentlyContinue
    if (-not $service -or ("$($service.Status)" -ne 'Running')) {
        return $null
    }
    $cluster = Get-Cluster
    $broker = $null
    try {
        $broker = ''
        foreach ($resource in @(Get-ClusterResource)) {
            $type = $resource.ResourceType
            if ($type.Name) {
                $type = $type.Name
            }
            if ("$type" -eq 'Virtual Machine Replication Broker') {
                $broker = "$($resource.State)"
            }
        }
    }
    catch {
        $broker = $null
    }
    $volumes = @()
    try {
        $volumes = @(foreach ($shared in @(Get-ClusterSharedVolume)) {
            foreach ($info in @($shared.SharedVolumeInfo)) {
                [pscustomobject][ordered]@{
                    path = "$($info.FriendlyVolumeName)"
                    size = $info.Partition.Size
                    free = $info.Partition.FreeSpace
                    file_system = 'CSVFS'
                }
            }
        })
    }
    catch {
        $volumes = @()
    }
    return [pscustomobject][ordered]@{
        name = "$($cluster.Name)"
        nodes = @(foreach ($node in @(Get-ClusterNode)) {
            [pscustomobject][ordered]@{
                name = "$($node.Name)"
                state = "$($node.State)"
            }
        })
        broker = $broker
        volumes = @($volumes)
    }
}

function Get-ClusteredIds {
    # The ids of the cluster's machines, after all nodes were asked: one that moved meanwhile may have been missed.
    foreach ($resource in @(Get-ClusterResource)) {
        $type = $resource.ResourceType
        if ($type.Name) {
            $type = $type.Name
        }
        if ("$type" -eq 'Virtual Machine') {
            "$(($resource | Get-ClusterParameter -Name VmID).Value)".Trim('{', '}').ToLowerInvariant()
        }
    }
}

function Get-Rows {
    # What the disks of all hosts write now. A host that does not answer has no rows: a gap is not a zero.
    param($Names)
    foreach ($name in @($Names)) {
        try {
            if ($name -eq $env:COMPUTERNAME) {
                $rows = @(& $Measure)
            }
            else {
                $rows = @(Invoke-Command -ComputerName $name -ScriptBlock $Measure)
            }
            foreach ($row in $rows) {
                # What a counter says while its disk goes may be below zero, or no number.
                $right = @(@($row.values) | Where-Object { $_ -ge 0 })
                if ($right.Count -eq 4) {
                    [pscustomobject]@{
                        host = $name
                        source = "$($row.source)"
                        instance = "$($row.instance)"
                        values = $right
                    }
                }
            }
        }
        catch {
            Write-Verbose "$name did not answer: $($_.Exception.Message)"
        }
    }
}

function Get-MinuteText {
    # One minute as a line: disks met for the first time, and averages a second by their number.
    param([string]$At, $Sums, $Numbers)
    $new = @()
    $values = @(foreach ($key in @($Sums.Keys)) {
        if (-not $Numbers.ContainsKey($key)) {
            $Numbers[$key] = $Numbers.Count
            $parts = $key -split '\|', 2
            $name = ConvertTo-JsonText $parts[1]
            $new = $new + "[$($Numbers[$key]),$(ConvertTo-JsonText $parts[0]),$name]"
        }
        $sum = $Sums[$key]
        $count = $sum[4]
        # A number inside a text is written with a point whatever the culture; the format operator would not.
        $rates = @(foreach ($place in @(0, 1, 2, 3)) { "$([long]($sum[$place] / $count * 1000) / 1000)" })
        "[$($Numbers[$key]),$($rates -join ','),$count]"
    })
    return '{"at":"' + $At + '","new":[' + ($new -join ',') + '],"values":[' + ($values -join ',') + ']},'
}

function Write-Churn {
    # Samples on the clock, a line for each minute; each line is on the disk before the next is begun.
    param([string]$Path, $Names, [int]$Minutes)
    $start = (Get-Date).ToUniversalTime()
    $end = $start.AddMinutes($Minutes)
    $numbers = @{}
    $sums = @{}
    $minute = ''
    $slot = 0
    while (((Get-Date).ToUniversalTime() -lt $end) -and ((Get-Item -LiteralPath $Path).Length -lt $LargestFile)) {
        $now = (Get-Date).ToUniversalTime()
        $current = $now.ToString('s').Substring(0, 16) + ':00Z'
        if ($minute -and ($current -ne $minute)) {
            Add-Content -LiteralPath $Path -Value (Get-MinuteText $minute $sums $numbers) -Encoding Ascii
            $sums = @{}
        }
        $minute = $current
        foreach ($row in @(Get-Rows $Names)) {
            # Rates need two samples: the very first one says nothing.
            if ($slot -gt 0) {
                $key = "$($row.host)|$($row.instance)"
                if (-not $sums.ContainsKey($key)) {
                    $sums[$key] = @(0.0, 0.0, 0.0, 0.0, 0)
                }
                $sum = $sums[$key]
                foreach ($place in @(0, 1, 2, 3)) {
                    $sum[$place] = $sum[$place] + $row.values[$place]
                }
                $sum[4] = $sum[4] + 1
            }
        }
        $now = (Get-Date).ToUniversalTime()
        do {
            $slot = $slot + 1
            $next = $start.AddSeconds($slot * $SampleSeconds)
        } while ($next -lt $now)
        $left = [int]($next - $now).TotalMilliseconds
        if ($left -gt 0) {
            Start-Sleep -Milliseconds $left
        }
    }
    if ($minute -and $sums.Count) {
        Add-Content -LiteralPath $Path -Value (Get-MinuteText $minute $sums $numbers) -Encoding Ascii
    }
}

$started = Get-UtcText
$self = "$env:COMPUTERNAME"
$cluster = $null
$clusterProblem = ''
try {
    $cluster = Get-ClusterFacts
}
catch {
    $clusterProblem = "$($_.Exception.Message)"
}

$hostTexts = @()
$measured = @()
$nodes = @([pscustomobject]@{ name = $self; state = 'Up' })
if ($cluster) {
    $nodes = @($cluster.nodes)
}
foreach ($node in $nodes) {
    Write-Host "Reading $($node.name)"
    if (@('Up', 'Paused') -notcontains "$($node.state)") {
        $hostTexts = $hostTexts + (Get-UnreachedHost $node.name "The node is in the state $($node.state).")
        continue
    }
    try {
        if ($node.name -eq $self) {
            $text = & $Collect
        }
        else {
            $text = Invoke-Command -ComputerName $node.name -ScriptBlock $Collect
        }
        $hostTexts = $hostTexts + "$text"
        $measured = $measured + $node.name
    }
    catch {
        $hostTexts = $hostTexts + (Get-UnreachedHost $node.name "$($_.Exception.Message)")
    }
}
$missing = @()
if ($cluster) {
    try {
        $told = $hostTexts -join ' '
        $missing = @(Get-ClusteredIds | Where-Object { $_ -match '^[0-9a-f-]+$' } |
            Where-Object { -not $told.Contains('"id":"' + $_ + '"') })
    }
    catch {
        $missing = @()
    }
}
$missingText = '[]'
if ($missing.Count) {
    $missingText = '["' + ($missing -join '","') + '"]'
}

if (-not $OutFile) {
    $folder = $PSScriptRoot
    if (-not $folder) {
        $folder = $HOME
    }
    $stamp = (Get-UtcText) -replace '[-:Z]', '' -replace 'T', '-'
    $OutFile = Join-Path -Path $folder -ChildPath "readiness-$self-$stamp.json"
}

$clusterText = 'null'
if ($cluster) {
    $clusterText = ConvertTo-JsonText $cluster
}
$head = '{"schema":"{{schema}}","version":"{{version}}","script_version":"' + $ScriptVersion + '",' +
    '"started":"' + $started + '","ended":"' + (Get-UtcText) + '",' +
    '"cluster_problem":' + (ConvertTo-JsonText $clusterProblem) + ',"missing":' + $missingText + ',' +
    '"cluster":' + $clusterText + ',"hosts":['
$body = $head + "`r`n" + ($hostTexts -join ",`r`n") + ']'

if ($ChurnMinutes -gt 0 -and $measured.Count) {
    $source = 'counter'
    foreach ($row in @(Get-Rows $measured)) {
        $source = $row.source
    }
    $opening = ',"churn":{"source":"' + $source + '","interval_s":' + $SampleSeconds + ',"started":"' +
        (Get-UtcText) + '","minutes":['
    Set-Content -LiteralPath $OutFile -Value ($body + $opening) -Encoding Ascii
    Write-Host "Measuring for $ChurnMinutes minutes. Ctrl+C ends it; what was measured until then counts."
    try {
        Write-Churn $OutFile $measured $ChurnMinutes
    }
    finally {
        Add-Content -LiteralPath $OutFile -Value '{"end":true}]}}' -Encoding Ascii
    }
}
else {
    Set-Content -LiteralPath $OutFile -Value ($body + '}') -Encoding Ascii
}

Write-Host "Written: $OutFile"
Write-Host 'Take this file to Site Recovery Desk: Source, Import readiness files.'
