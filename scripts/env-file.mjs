/** Reads `.env` of the folder that the command runs in, where there is one. What the environment has already stays. */
import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';

if (existsSync('.env')) loadEnvFile();
