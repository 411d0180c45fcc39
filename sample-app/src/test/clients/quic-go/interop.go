// Does what a line of the standard input says, and answers with a line: interop PORT. CommandSession tells the commands.
package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
	_ "unsafe" // for go:linkname

	"github.com/lucas-clemente/quic-go"
	"github.com/lucas-clemente/quic-go/http3"
)

// Packets after which keys are updated, when a connection is made
//
//go:linkname keyUpdateInterval github.com/lucas-clemente/quic-go/internal/handshake.KeyUpdateInterval
var keyUpdateInterval uint64

var (
	sessions  = tls.NewLRUClientSessionCache(8)
	transport *http3.RoundTripper
	// The last connection that was made
	connection quic.EarlyConnection
)

func connect() {
	transport = &http3.RoundTripper{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true, ClientSessionCache: sessions},
		// Windows that do not grow: a download takes some round trips
		QuicConfig: &quic.Config{InitialStreamReceiveWindow: 512 << 10, MaxStreamReceiveWindow: 512 << 10, HandshakeIdleTimeout: time.Minute},
		Dial: func(context context.Context, address string, tls *tls.Config, config *quic.Config) (quic.EarlyConnection, error) {
			var err error
			connection, err = quic.DialAddrEarlyContext(context, address, tls, config)
			return connection, err
		},
	}
}

func reconnect() {
	transport.Close()
	connect()
}

func exchange(method string, path string, size int) (string, error) {
	var body io.Reader
	if size > 0 {
		body = strings.NewReader(pattern(size))
	}
	request, err := http.NewRequest(method, "https://localhost:"+os.Args[1]+path, body)
	if err != nil {
		return "", err
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	return fmt.Sprintf("%d %d %x", response.StatusCode, len(content), sha256.Sum256(content)), err
}

func pattern(size int) string {
	bytes := make([]byte, size)
	for index := range bytes {
		bytes[index] = byte(index % 251)
	}
	return string(bytes)
}

func many(count int, path string) string {
	var group sync.WaitGroup
	answers := make(chan string, count)
	for number := 0; number < count; number++ {
		group.Add(1)
		go func() {
			defer group.Done()
			if answer, err := exchange("GET", path, 0); err == nil && strings.HasPrefix(answer, "200 ") {
				answers <- answer
			}
		}()
	}
	group.Wait()
	return strconv.Itoa(len(answers))
}

func each(count int, path string) string {
	for number := 0; number < count; number++ {
		if answer, err := exchange("GET", path, 0); err != nil || !strings.HasPrefix(answer, "200 ") {
			return strconv.Itoa(number)
		}
	}
	return strconv.Itoa(count)
}

func answer(words []string) (string, error) {
	number := 0
	for _, word := range words {
		if value, err := strconv.Atoi(word); err == nil {
			number = value
		}
	}
	switch words[0] {
	case "get":
		return exchange("GET", words[1], 0)
	case "post":
		return exchange("POST", words[1], number)
	case "many":
		return many(number, words[1]), nil
	case "each":
		return each(number, words[1]), nil
	case "close":
		reconnect()
		return "closed", nil
	case "early":
		reconnect()
		answer, err := exchange(http3.MethodGet0RTT, words[1], 0)
		if err == nil && !connection.ConnectionState().TLS.Used0RTT {
			err = errors.New("early data was not used")
		}
		return answer, err
	case "update":
		keyUpdateInterval = 100
		reconnect()
		return exchange("GET", words[1], 0)
	}
	return "", errors.New("unknown command")
}

func main() {
	connect()
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		text, err := answer(strings.Fields(lines.Text()))
		if err != nil {
			text = strings.ReplaceAll("error "+err.Error(), "\n", " ")
		}
		fmt.Println(text)
	}
}
