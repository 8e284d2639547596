function Get-SetUpPlan {
    # What is to be set up on a host, as it was chosen in the program.
    param([string]$Name)
    $plan = {{plan}}
    $plan['FriendlyName'] = $Name
    $plan['ComputerName'] = $Name
    return $plan
}

function Get-CheckText {
    # Title and advice of a result. Those of addresses carry the address behind the first point.
    param($Plan, [string]$Id)
    $kind = @($Id -split '\.', 2)[0]
    foreach ($check in $Plan.Checks) {
        if ($check.Id -eq $kind) {
            return $check
        }
    }
    return @{ Id = $kind; Title = $kind; Advice = ''; IsRequired = $true; IsFinal = $false }
}
