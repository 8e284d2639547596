function Write-HostReport {
    # What was found and done on one host, for whoever sits before it.
    param($Plan, $Report)
    Write-Host ''
    Write-Host "$($Report.host) ($($Report.friendly_name))"
    foreach ($result in @($Report.checks)) {
        if (@('ok', 'skipped') -notcontains $result.status) {
            $text = Get-CheckText $Plan $result.id
            $name = @("$($result.id)" -split '\.', 2)
            $title = $text.Title
            if ($name.Count -gt 1) {
                $title = "$title $($name[1])"
            }
            $status = "$($result.status)".ToUpperInvariant()
            Write-Host "  ${status}: ${title}: $($result.value)$($result.error)"
            if ($text.Advice) {
                Write-Host "      $($text.Advice)"
            }
        }
    }
    $passed = @(@($Report.checks) | Where-Object { $_.status -eq 'ok' }).Count
    Write-Host "  $passed of $(@($Report.checks).Count) checks passed."
    foreach ($step in @($Report.steps)) {
        Write-Host "  $($step.text)"
        if ($null -ne $step.exit_code) {
            Write-Host "      Exit code $($step.exit_code)"
        }
    }
    if ($Report.error) {
        Write-Host "  It broke off: $($Report.error)"
    }
    if (@($Report.services).Count) {
        Write-Host "  Services: $(@($Report.services) -join ', ')"
    }
    $words = @{
        checked = 'Only checked. Nothing was changed.'
        stopped = 'Stopped before anything was changed: something required is missing or not known.'
        already = 'Nothing was changed. If the vault does not show it, run the clean-up script, then this one.'
        registered = "Done. It appears in the vault within $($Plan.AppearMinutes) minutes."
        failed = "Not done. The setup's own log is $($Report.log)."
    }
    $result = "$($Report.result)"
    Write-Host "  $($words[$result])"
}

function Find-KeyFile {
    # The file that was named, or the newest key beside the script; nothing where there is none.
    param([string]$Given, [string]$Name, [string]$Folder)
    if ($Given) {
        return (Resolve-Path -LiteralPath $Given).ProviderPath
    }
    if ($Name) {
        return (Join-Path -Path $Folder -ChildPath $Name)
    }
    $newest = @(Get-ChildItem -LiteralPath $Folder -Filter '*.VaultCredentials' |
        Sort-Object -Property LastWriteTimeUtc -Descending)
    if ($newest.Count) {
        return $newest[0].FullName
    }
    return ''
}

function Find-Installer {
    param([string]$Given, [string]$Name, [string]$Folder)
    if ($Given) {
        return (Resolve-Path -LiteralPath $Given).ProviderPath
    }
    return (Join-Path -Path $Folder -ChildPath $Name)
}

function Save-Report {
    # One line of JSON for each host, in a file of its own.
    param([string]$Path, $Reports)
    $lines = @(foreach ($report in @($Reports)) { ConvertTo-Json -InputObject $report -Depth 8 -Compress })
    Set-Content -LiteralPath $Path -Value $lines -Encoding UTF8
    Write-Host ''
    Write-Host "Report: $Path"
}
