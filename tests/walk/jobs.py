"""What is done to jobs."""

from __future__ import annotations

from random import Random

from tests.walk.azure import Broken, Json
from tests.walk.walk import Walk


async def act_on_job(walk: Walk, random: Random) -> str:
    listed = await walk.azure.jobs()
    if not listed:
        return "there is no job"
    if random.random() < 0.8:
        listed = [job for job in listed if job["properties"]["allowedActions"]][:6] or listed[:1]
    entry = random.choice(listed)
    job = await walk.azure.job(entry["name"])
    offered = [action.lower() for action in job["properties"]["allowedActions"]]
    action = random.choice(offered if offered and random.random() < 0.9 else ["cancel", "restart", "resume"])
    return await treat(walk, "restart" if action == "restarttestfailovercleanup" else action, job)


async def treat(walk: Walk, action: str, job: Json) -> str:
    azure, client, properties = walk.azure, walk.azure.client.replication_jobs, job["properties"]
    if action == "resume":
        answer = await azure.begin(client.begin_resume, job["name"], {"properties": {"comments": "go on"}})
    else:
        operation = client.begin_cancel if action == "cancel" else client.begin_restart
        answer = await azure.begin(operation, job["name"])
    offers = {"restart": {"Restart", "RestartTestFailoverCleanup"}, "cancel": {"Cancel"}, "resume": {"Resume"}}
    is_offered = bool(offers[action] & set(properties["allowedActions"]))
    told = f"{action} {properties['scenarioName']} of {properties['targetObjectName']} ({properties['state']}) {answer}"
    if is_offered != (answer.status < 400):
        raise Broken("a job lets itself be treated as its allowedActions say", told)
    if is_offered and action == "cancel":
        walk.watch.cancelled.add(job["name"])
        if properties["targetInstanceType"] == "RecoveryPlan":
            walk.watch.cancelled_plans_at.add(walk.azure.second)
    if is_offered and action == "restart":
        walk.watch.restarted.add(job["name"])
        walk.watch.restarts[answer.job] = job["name"]
    return told
