namespace OrleansLb.Grains.Tests;
