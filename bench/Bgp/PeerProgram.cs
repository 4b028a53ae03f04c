using System.Diagnostics;

namespace OrleansLb.Bench.Bgp;

/// <summary>A program of another project that runs in a namespace for one benchmark.</summary>
internal sealed class PeerProgram : IAsyncDisposable
{
    private readonly Process _process;

    public PeerProgram(string networkNamespace, string program, params string[] arguments)
    {
        _process = Process.Start(In(networkNamespace, program, arguments))!;
        _process.OutputDataReceived += static (_, _) => { }; // a full pipe would stop it
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Of the program itself: 'ip netns exec' has become it.</summary>
    public int Id => _process.Id;

    /// <summary>Where a program is: on the machine, or below the folder into which lb unpacks packages.</summary>
    public static string Find(string package, string path)
    {
        var unpacked = Environment.GetEnvironmentVariable("ORLEANSLB_PEERS") + path;
        return File.Exists(path) ? path
            : File.Exists(unpacked) ? unpacked
            : throw new BenchException($"'{path}' is missing; it comes with the Debian package '{package}'.");
    }

    /// <summary>Runs a client of it to its end.</summary>
    public static void Run(string networkNamespace, string program, params string[] arguments)
    {
        using var client = Process.Start(In(networkNamespace, program, arguments))!;
        var output = client.StandardOutput.ReadToEndAsync();
        var errors = client.StandardError.ReadToEnd();
        client.WaitForExit();
        if (client.ExitCode != 0) throw new BenchException($"'{program} {string.Join(' ', arguments)}' failed: {errors.Trim()} {output.Result.Trim()}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static ProcessStartInfo In(string networkNamespace, string program, string[] arguments) =>
        new("ip", ["netns", "exec", networkNamespace, program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
}
