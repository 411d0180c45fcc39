// Reads a response at a pace: reader URL BYTES_PER_SECOND PAUSE_AFTER PAUSE_MILLIS. BYTES_PER_SECOND is 0 for full speed; after PAUSE_AFTER
// bytes nothing is read for PAUSE_MILLIS. Prints "response has begun" and, at the end, "read BYTES" or the error and "read BYTES", and
// stays connected for a minute.
package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/lucas-clemente/quic-go"
	"github.com/lucas-clemente/quic-go/http3"
)

func number(index int) int {
	if len(os.Args) <= index {
		return 0
	}
	value, err := strconv.Atoi(os.Args[index])
	if err != nil {
		panic(err)
	}
	return value
}

func main() {
	rate, pauseAfter, pause := number(2), number(3), time.Duration(number(4))*time.Millisecond
	client := http.Client{Transport: &http3.RoundTripper{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
		// Windows that do not grow where the machine is so busy that round trips seem long
		QuicConfig: &quic.Config{MaxIdleTimeout: 30 * time.Second,
			InitialStreamReceiveWindow: 512 << 10, MaxStreamReceiveWindow: 512 << 10},
	}}
	response, err := client.Get(os.Args[1])
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	fmt.Println("response has begun")
	buffer := make([]byte, 8192)
	total := 0
	start := time.Now()
	for err == nil {
		if pause > 0 && total >= pauseAfter {
			time.Sleep(pause)
			start = start.Add(pause)
			pause = 0
		}
		if rate > 0 {
			due := start.Add(time.Duration(float64(total) / float64(rate) * float64(time.Second)))
			time.Sleep(time.Until(due))
		}
		var count int
		count, err = response.Body.Read(buffer)
		total += count
	}
	if err != io.EOF {
		fmt.Println("error", err)
	}
	fmt.Println("read", total)
	time.Sleep(time.Minute)
}
