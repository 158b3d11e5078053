# SPDX-License-Identifier: BSD-3-Clause
"""Extensions of one phone: ports of their own, and a port they share."""
import socket

from peers import Farm, check, main


def options(user, addr, source, transport="UDP"):
    return (f"OPTIONS sip:{user}@{addr} SIP/2.0\r\nVia: SIP/2.0/{transport} {source}:5060;"
            f"branch=z9hG4bK-{user}-{transport}\r\nFrom: <sip:tester@{source}>;tag=t\r\n"
            f"To: <sip:{user}@{addr}>\r\nCall-ID: {user}-{transport}\r\nCSeq: 1 OPTIONS\r\n"
            "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n").encode()


def ask_udp(user, addr, port, source):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(5)
        s.bind((source, 5060))
        s.sendto(options(user, addr, source), (addr, port))
        return int(s.recv(65536).split()[1])


def ask_tcp(user, addr, port, source):
    with socket.create_connection((addr, port), 5) as s:
        s.sendall(options(user, addr, source, "TCP"))
        return int(s.recv(65536).split()[1])


def add_line(farm, n, **extra):
    proxy = farm.call("get", phones="1", names=["Proxy_1_"])["Proxy_1_"]
    values = {f"User_ID_{n}_": f"200{n}", f"Password_{n}_": f"pw-200{n}", f"Proxy_{n}_": proxy}
    values.update(extra)
    farm.call("set", phones="1", values=[f"{name}={value}" for name, value in values.items()])


def lines_of_one_port_are_told_apart_by_user():
    with Farm("--count", "2", "--addr", "127.139.0.0/24", "--no-provision") as farm:
        farm.call("wait", phones="all", cond="registered", timeout=20)
        add_line(farm, 2, SIP_Port_2_="5060")
        add_line(farm, 3, SIP_Port_3_="5060", SIP_Transport_3_="TCP")
        farm.call("wait", phones="all", cond="registered", timeout=20)
        for user in ("1001", "2002"):
            check(f"{user} answers on 5060", ask_udp(user, "127.139.0.1", 5060, "127.139.255.1") == 200)
        check("nobody else does", ask_udp("1002", "127.139.0.1", 5060, "127.139.255.1") == 404)
        check("TCP has the same number", ask_tcp("2003", "127.139.0.1", 5060, "127.139.255.1") == 200)
        check("UDP lines are not there", ask_tcp("2002", "127.139.0.1", 5060, "127.139.255.1") == 404)

        farm.call("set", phones="1", values=["Line_Enable_1_=No"])
        check("the other stays when one goes",
              ask_udp("2002", "127.139.0.1", 5060, "127.139.255.1") == 200)
        check("and is alone", ask_udp("1001", "127.139.0.1", 5060, "127.139.255.1") == 404)
        check("all of them are registered", farm.call("stats")["registered"] == 2)


def lines_have_ports_of_their_own():
    with Farm("--count", "1", "--addr", "127.139.1.0/24", "--no-provision") as farm:
        farm.call("wait", phones="all", cond="registered", timeout=20)
        add_line(farm, 2)
        farm.call("wait", phones="all", cond="registered", timeout=20)
        check("extension 2 is at 5061", ask_udp("2002", "127.139.1.1", 5061, "127.139.255.1") == 200)
        check("and not at 5060", ask_udp("2002", "127.139.1.1", 5060, "127.139.255.1") == 404)


main([lines_of_one_port_are_told_apart_by_user, lines_have_ports_of_their_own])
