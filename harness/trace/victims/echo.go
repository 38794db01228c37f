// echo.go -- an echo server in Go for one client; tells its port on stdout.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
)

// Not io.Copy: that would splice from socket to socket.
func echo(conn net.Conn) error {
	bytes := make([]byte, 4096)
	for {
		n, err := conn.Read(bytes)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err = conn.Write(bytes[:n]); err != nil {
			return err
		}
	}
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	conn, err := listener.Accept()
	if err != nil {
		log.Fatal(err)
	}
	if err := echo(conn); err != nil {
		log.Fatal(err)
	}
}
