// Downloads with quic-go: go run quic-go.go URL. Prints "connected", and "read BYTES" or "error".
package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/lucas-clemente/quic-go/http3"
)

func main() {
	client := http.Client{Transport: &http3.RoundTripper{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	response, err := client.Get(os.Args[1])
	if err == nil {
		fmt.Println("connected")
		var bytes int64
		bytes, err = io.Copy(io.Discard, response.Body)
		fmt.Println("read", bytes)
	}
	if err != nil {
		fmt.Println("error", err)
	}
}
