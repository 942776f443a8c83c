# SPDX-License-Identifier: Apache-2.0
"""nginx in a real server's namespace; it answers every request with the server's name."""

import os
import signal
import subprocess

CONFIG = """\
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen {port} backlog=2048;
    location / {{ return 200 "{name}\\n"; }}
  }}
}}
"""


class WebServer:
    def __init__(self, name, namespace, folder, port):
        self.name = name
        self.namespace = namespace
        self.folder = os.path.join(folder, name)
        os.makedirs(self.folder, exist_ok=True)
        self.config = os.path.join(self.folder, "nginx.conf")
        with open(self.config, "w", encoding="utf-8") as config:
            config.write(CONFIG.format(folder=self.folder, name=name, port=port))
        self.process = None

    def start(self):
        self.process = self.namespace.popen(
            ["nginx", "-c", self.config, "-e", os.path.join(self.folder, "error.log"), "-p", self.folder],
            stdin=subprocess.DEVNULL)

    def stop(self):
        """Ends nginx and returns when its port is closed."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=10)
        self.process = None
