"""PowerShell for Hyper-V hosts: what installs the Provider and registers a host, and what clears a registration.

Pure text, made from templates in `resources/powershell` and the rules; nothing here runs anything.
"""
