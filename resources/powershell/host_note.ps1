function Get-NotePath {
    # Where a registration by these scripts is noted, so that a later run knows it again.
    return "$env:ProgramData\Site Recovery Desk\registered.json"
}
