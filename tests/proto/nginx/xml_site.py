# SPDX-License-Identifier: BSD-3-Clause
"""nginx with XML pages, whose log has each request with its headers."""
import os

from peers import Process, check, scratch, tcp_open, wait_for

HEADERS = ("host", "user_agent", "accept", "connection", "accept_language", "accept_charset",
           "x_ciscoipphonemodelname", "x_ciscoipphonedisplay", "cookie", "referer", "authorization")
LOG = " ".join(f"{name}=[$http_{name}]" for name in HEADERS)
CONFIG = """daemon off; master_process off; worker_processes 1;
pid FOLDER/pid; error_log ERRORS; events { worker_connections 1024; }
http {
  types { text/xml xml; }
  log_format every '$request|LOG';
  access_log FOLDER/every.log every;
  client_body_temp_path FOLDER/b; proxy_temp_path FOLDER/p; fastcgi_temp_path FOLDER/f;
  uwsgi_temp_path FOLDER/u; scgi_temp_path FOLDER/s;
  server { listen HOST backlog=1024; root FOLDER/files;
    location /private/ { auth_basic lab; auth_basic_user_file FOLDER/users; }
    location /cookie.xml { add_header Set-Cookie 'sid=7; path=/'; } }
}
"""


class XmlSite(Process):
    """A site whose log has each request line and the headers of 8.1."""

    def __init__(self, addr, pages, debug=False):
        """debug: debug.log has what nginx saw of each request, line by line."""
        self.addr = addr
        self.errors = "FOLDER/debug.log debug" if debug else "stderr"
        self.folder = scratch()
        for name, text in pages.items():
            self.put("files/" + name, text)
        self.put("users", "anna:{PLAIN}secret\n")
        self.put("nginx.conf", CONFIG)
        super().__init__(["nginx", "-c", f"{self.folder}/nginx.conf", "-p", self.folder])
        wait_for("nginx listens", lambda: tcp_open(addr, 8080) or not self.alive())
        check("nginx runs", self.alive(), self.output())

    def put(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        text = text.replace("ERRORS", self.errors)
        text = text.replace("HOST", f"{self.addr}:8080").replace("FOLDER", self.folder)
        with open(path, "w") as f:
            f.write(text.replace("LOG", LOG))

    def requests(self):
        """(request line, headers that were there) of each."""
        found = []
        with open(os.path.join(self.folder, "every.log")) as f:
            for line in f.read().splitlines():
                request, rest = line.split("|", 1)
                headers = dict(part.split("=[", 1) for part in rest[:-1].split("] "))
                found.append((request, {k: v for k, v in headers.items() if v != "-"}))
        return found

    def url(self, path):
        return f"http://{self.addr}:8080{path}"

    def last(self, n):
        """The n-th request, once it is there."""
        return wait_for(f"request {n}", lambda: len(self.requests()) >= n and
                        self.requests()[n - 1], 10)
