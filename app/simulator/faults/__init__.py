"""What can be made to go wrong in the practice vault, and how: by a click, by a script, by one line in a test.

`kinds` says what there is (data), `control` switches on and off, `gate` stands before and behind every request,
`job_faults` sees every job that begins, `effects` changes hosts, lines and what a failover needs in Azure, `script`
reads what is to happen at which virtual time.
"""
