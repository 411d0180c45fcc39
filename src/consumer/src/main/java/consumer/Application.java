package consumer;

import java.time.Duration;

import reactor.core.publisher.Mono;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The smallest application, whose only response takes its time.
 */
@SpringBootApplication
@RestController
public class Application {

	@GetMapping("/slow")
	Mono<String> slow() {
		return Mono.delay(Duration.ofSeconds(2)).thenReturn("whole").doOnSubscribe((s) -> System.out.println("Asked"));
	}

	public static void main(String[] args) {
		SpringApplication.run(Application.class, args);
	}

}
