function ConvertTo-PlainText {
    # One text for whatever it is: enumerations would become numbers in JSON.
    param($Value)
    if ($null -eq $Value) {
        return $null
    }
    return "$Value"
}

function ConvertTo-JsonText {
    # Plain ASCII: no code page between here and the reader can break it.
    param($Value)
    $json = ConvertTo-Json -InputObject $Value -Depth 8 -Compress
    $seen = @{}
    foreach ($found in [regex]::Matches($json, '[^\x00-\x7f]')) {
        $seen[[int][char]$found.Value] = $found.Value
    }
    foreach ($code in @($seen.Keys)) {
        $json = $json.Replace([string]$seen[$code], ('\u{0:x4}' -f $code))
    }
    return $json
}

function Get-UtcText {
    # The sortable format is the same in every culture and calendar.
    return (Get-Date).ToUniversalTime().ToString('s') + 'Z'
}
