using System.Diagnostics;

namespace OrleansLb.Speaker.Tests.Bgp;

/// <summary>A routing daemon that runs in a namespace for one test. One that is not there fails the test with the name of its Debian package.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    private readonly Process _process;
    private bool _disposed;

    public Daemon(string networkNamespace, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("ip", ["netns", "exec", networkNamespace, program, .. arguments]) { RedirectStandardOutput = true,
            RedirectStandardError = true };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Said(line.Data);
        _process.ErrorDataReceived += (_, line) => Said(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where a program of a package is: on the machine, or below the folder into which lb unpacks packages.</summary>
    public static string Find(string package, string path)
    {
        var unpacked = Environment.GetEnvironmentVariable("ORLEANSLB_PEERS") is { Length: > 0 } folder ? folder + path : null;
        foreach (var candidate in new[] { path, unpacked })
        {
            if (candidate is not null && File.Exists(candidate)) return candidate;
        }

        throw new FileNotFoundException(
            $"'{path}' is missing; it comes with the Debian package '{package}': './lb test' unpacks it, or: apt-get install {package}");
    }

    /// <summary>Runs a client of a daemon; returns all that it printed.</summary>
    public static string Ask(string networkNamespace, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("ip", ["netns", "exec", networkNamespace, program, .. arguments]) { RedirectStandardOutput = true,
            RedirectStandardError = true };
        using var client = Process.Start(start)!;
        var errors = client.StandardError.ReadToEndAsync();
        var output = client.StandardOutput.ReadToEnd();
        client.WaitForExit();
        return output + errors.Result;
    }

    /// <summary>Asks until the answer is right, or gives up with the last one: another program's state cannot be awaited.</summary>
    public static async Task<string> Eventually(Func<string> ask, Func<string, bool> right)
    {
        using var asking = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var started = Stopwatch.GetTimestamp();
        var answer = ask();
        while (!right(answer))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Wire.Patience, $"The last answer was: {answer}");
            await asking.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            answer = ask();
        }

        return answer;
    }

    /// <summary>As a machine that dies: no goodbye.</summary>
    public async Task Kill()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Stops it without ending it: it neither reads nor answers.</summary>
    public void Freeze() => Namespaces.Shell.Run($"kill -STOP {_process.Id}");

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await Kill();
        _process.Dispose();
    }

    private static void Said(string? line)
    {
        try
        {
            if (line is not null) TestContext.Current.TestOutputHelper?.WriteLine(line);
        }
        catch (InvalidOperationException)
        {
            // Said after its test has ended: it is nobody's.
        }
    }
}
